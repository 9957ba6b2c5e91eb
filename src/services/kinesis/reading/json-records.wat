;; Writes records of a batch as AWS JSON: from the stored bytes to the answer's, sixteen bytes at a time. In WebAssembly, because JavaScript has no
;; words of sixteen bytes: a page takes a third of the time. Whoever calls it is json-records.ts; what it is translated to lies in generated/.
;;
;; Memory, as json-records.ts lays it out:
;;      0  for each byte below 128 what it is in a text of JSON, in eight bytes: up to six of text, the last one its length
;;   1024  the sequence number, as fourteen groups of four digits, each a number in a word; the highest first
;;   1088  what is added to it for the next record, in the same form
;;   1152  what stands before a record's data: names, sequence number (its digits are written anew for each record), time; up to 256 bytes
;;   1408  what stands between data and key: 18 bytes
;;   1472  the digits of base64
;;   1536  what `write` leaves: the place behind the last record's bytes, and how many records are left
;;   4096  the texts of 0000 to 9999
;;  65536  stored records, and behind them the room to write in. Sixteen bytes behind either may be read, and written, and mean nothing.

(module
  (import "eddy" "memory" (memory 1))

  ;; Where `varint` reads.
  (global $at (mut i32) (i32.const 0))

  (func $varint (result i32)
    (local $byte i32) (local $value i32) (local $shift i32)
    (local.set $byte (i32.load8_u (global.get $at)))
    (global.set $at (i32.add (global.get $at) (i32.const 1)))
    (local.set $value (i32.and (local.get $byte) (i32.const 0x7f)))
    (block $done
      (loop $more
        (br_if $done (i32.lt_u (local.get $byte) (i32.const 0x80)))
        (local.set $shift (i32.add (local.get $shift) (i32.const 7)))
        (local.set $byte (i32.load8_u (global.get $at)))
        (global.set $at (i32.add (global.get $at) (i32.const 1)))
        (local.set $value
          (i32.or
            (local.get $value)
            (i32.shl (i32.and (local.get $byte) (i32.const 0x7f)) (local.get $shift))))
        (br_if $more (i32.lt_u (local.get $shift) (i32.const 28)))))
    (local.get $value))

  ;; Twelve bytes become sixteen digits. What lies behind the end is encoded with the rest, and the last digits are written again.
  ;; Returns the place behind the text.
  (func $base64 (param $from i32) (param $end i32) (param $to i32) (result i32)
    (local $length i32) (local $textEnd i32) (local $groups v128) (local $values v128)
    (local.set $length (i32.sub (local.get $end) (local.get $from)))
    (local.set $textEnd (i32.add (local.get $to) (call $base64Length (local.get $length))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        ;; Each three bytes as a number of 24 bits in a word of their own.
        (local.set $groups
          (i8x16.shuffle 2 1 0 16 5 4 3 16 8 7 6 16 11 10 9 16
            (v128.load align=1 (local.get $from))
            (v128.const i32x4 0 0 0 0)))
        ;; Their four times six bits, the highest in the lowest byte.
        (local.set $values
          (v128.or
            (v128.or
              (i32x4.shr_u (local.get $groups) (i32.const 18))
              (v128.and
                (i32x4.shr_u (local.get $groups) (i32.const 4))
                (v128.const i32x4 0x3f00 0x3f00 0x3f00 0x3f00)))
            (v128.or
              (v128.and
                (i32x4.shl (local.get $groups) (i32.const 10))
                (v128.const i32x4 0x3f0000 0x3f0000 0x3f0000 0x3f0000))
              (v128.and
                (i32x4.shl (local.get $groups) (i32.const 24))
                (v128.const i32x4 0x3f000000 0x3f000000 0x3f000000 0x3f000000)))))
        ;; A digit is its value and what its kind is away from it: 0 for a to z, 1 to 10 for 0 to 9, 11 and 12 for + and /, 13 for A to Z.
        (v128.store align=1 (local.get $to)
          (i8x16.add
            (local.get $values)
            (i8x16.swizzle
              (v128.const i8x16 71 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -19 -16 65 0 0)
              (v128.or
                (i8x16.sub_sat_u
                  (local.get $values)
                  (v128.const i8x16 51 51 51 51 51 51 51 51 51 51 51 51 51 51 51 51))
                (v128.and
                  (i8x16.lt_s
                    (local.get $values)
                    (v128.const i8x16 26 26 26 26 26 26 26 26 26 26 26 26 26 26 26 26))
                  (v128.const i8x16 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13))))))
        (local.set $from (i32.add (local.get $from) (i32.const 12)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br $next)))
    ;; The last byte's low bits and nothing behind them, and padding.
    (local.set $length (i32.rem_u (local.get $length) (i32.const 3)))
    (if (i32.eq (local.get $length) (i32.const 1))
      (then
        (i32.store8
          (i32.sub (local.get $textEnd) (i32.const 3))
          (i32.load8_u offset=1472
            (i32.shl
              (i32.and (i32.load8_u (i32.sub (local.get $end) (i32.const 1))) (i32.const 3))
              (i32.const 4))))
        (i32.store16 align=1 (i32.sub (local.get $textEnd) (i32.const 2)) (i32.const 0x3d3d))))
    (if (i32.eq (local.get $length) (i32.const 2))
      (then
        (i32.store8
          (i32.sub (local.get $textEnd) (i32.const 2))
          (i32.load8_u offset=1472
            (i32.shl
              (i32.and (i32.load8_u (i32.sub (local.get $end) (i32.const 1))) (i32.const 15))
              (i32.const 2))))
        (i32.store8 (i32.sub (local.get $textEnd) (i32.const 1)) (i32.const 0x3d))))
    (local.get $textEnd))

  (func $base64Length (param $bytes i32) (result i32)
    (i32.shl (i32.div_u (i32.add (local.get $bytes) (i32.const 2)) (i32.const 3)) (i32.const 2)))

  (func $escapedLength (param $from i32) (param $end i32) (result i32)
    (local $byte i32) (local $length i32)
    (local.set $length (i32.sub (local.get $end) (local.get $from)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $byte (i32.load8_u (local.get $from)))
        (if (i32.lt_u (local.get $byte) (i32.const 128))
          (then
            (local.set $length
              (i32.add
                (local.get $length)
                (i32.sub (i32.load8_u offset=7 (i32.shl (local.get $byte) (i32.const 3))) (i32.const 1))))))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br $next)))
    (local.get $length))

  ;; A text in UTF-8 as it stands in JSON. Sixteen bytes are copied, and then those before the first one that has to be escaped count.
  ;; Returns the place behind it.
  (func $escaped (param $from i32) (param $end i32) (param $to i32) (result i32)
    (local $chunk v128) (local $odd i32) (local $left i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $from) (local.get $end)))
        (local.set $chunk (v128.load align=1 (local.get $from)))
        (v128.store align=1 (local.get $to) (local.get $chunk))
        ;; A bit for each control character, quotation mark and backslash.
        (local.set $odd
          (i8x16.bitmask
            (v128.or
              (i8x16.lt_u
                (local.get $chunk)
                (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))
              (v128.or
                (i8x16.eq
                  (local.get $chunk)
                  (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
                (i8x16.eq
                  (local.get $chunk)
                  (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92))))))
        (local.set $left (i32.sub (local.get $end) (local.get $from)))
        (if (i32.lt_u (local.get $left) (i32.const 16))
          (then
            (local.set $odd
              (i32.and
                (local.get $odd)
                (i32.sub (i32.shl (i32.const 1) (local.get $left)) (i32.const 1))))))
        (if (local.get $odd)
          (then
            (local.set $odd (i32.ctz (local.get $odd)))
            (local.set $from (i32.add (local.get $from) (local.get $odd)))
            (local.set $to (i32.add (local.get $to) (local.get $odd)))
            (local.set $odd (i32.shl (i32.load8_u (local.get $from)) (i32.const 3)))
            (i64.store align=1 (local.get $to) (i64.load (local.get $odd)))
            (local.set $to (i32.add (local.get $to) (i32.load8_u offset=7 (local.get $odd))))
            (local.set $from (i32.add (local.get $from) (i32.const 1))))
          (else
            (local.set $from (i32.add (local.get $from) (i32.const 16)))
            (local.set $to (i32.add (local.get $to) (i32.const 16)))))
        (br $next)))
    (i32.sub (local.get $to) (i32.sub (local.get $from) (local.get $end))))

  ;; To the next record's sequence number: adds group by group from the lowest, and goes beyond the seventh only for what is carried over.
  (func $count (param $digitsAt i32)
    (local $group i32) (local $sum i32) (local $carry i32)
    (local.set $group (i32.const 52))
    (block $done
      (loop $next
        (br_if $done (i32.lt_s (local.get $group) (i32.const 0)))
        (br_if $done (i32.and (i32.lt_s (local.get $group) (i32.const 28)) (i32.eqz (local.get $carry))))
        (local.set $sum
          (i32.add
            (local.get $carry)
            (i32.add
              (i32.load offset=1024 (local.get $group))
              (i32.load offset=1088 (local.get $group)))))
        ;; The sign says whether it is too large: digits are random, and a branch would be guessed wrong half of the time.
        (local.set $carry (i32.shr_u (i32.sub (i32.const 9999) (local.get $sum)) (i32.const 31)))
        (local.set $sum (i32.sub (local.get $sum) (i32.mul (local.get $carry) (i32.const 10000))))
        (i32.store offset=1024 (local.get $group) (local.get $sum))
        (i32.store align=1
          (i32.add (local.get $digitsAt) (local.get $group))
          (i32.load offset=4096 (i32.shl (local.get $sum) (i32.const 2))))
        (local.set $group (i32.sub (local.get $group) (i32.const 4)))
        (br $next))))

  ;; As many of `left` records as there is room for and as lie before `inputEnd` whole, each behind `separator`, which is a comma from the
  ;; second one on; 0 is none. Returns the place behind the text.
  (func (export "write")
      (param $from i32) (param $inputEnd i32) (param $to i32) (param $outputEnd i32)
      (param $left i32) (param $headBytes i32) (param $digitsAt i32) (param $separator i32)
      (result i32)
    (local $keyStart i32) (local $keyEnd i32) (local $dataStart i32) (local $dataEnd i32) (local $bytes i32) (local $room i32)
    (block $stop
      (loop $next
        (br_if $stop (i32.eqz (local.get $left)))
        (global.set $at (local.get $from))
        (local.set $bytes (call $varint))
        (local.set $keyStart (global.get $at))
        (br_if $stop (i32.gt_u (local.get $keyStart) (local.get $inputEnd)))
        (br_if $stop (i32.gt_u (local.get $bytes) (i32.sub (local.get $inputEnd) (local.get $keyStart))))
        (local.set $keyEnd (i32.add (local.get $keyStart) (local.get $bytes)))
        (global.set $at (local.get $keyEnd))
        (local.set $bytes (call $varint))
        (local.set $dataStart (global.get $at))
        (br_if $stop (i32.gt_u (local.get $dataStart) (local.get $inputEnd)))
        (br_if $stop (i32.gt_u (local.get $bytes) (i32.sub (local.get $inputEnd) (local.get $dataStart))))
        (local.set $dataEnd (i32.add (local.get $dataStart) (local.get $bytes)))
        ;; Room for the key, when there is some for all else: a separator, the head, base64, 18 bytes before the key and two behind it.
        (local.set $room
          (i32.sub
            (i32.sub (local.get $outputEnd) (local.get $to))
            (i32.add
              (i32.add (local.get $headBytes) (i32.const 20))
              (i32.add
                (i32.ne (local.get $separator) (i32.const 0))
                (call $base64Length (local.get $bytes))))))
        (if (i32.lt_s (local.get $room) (i32.mul (i32.sub (local.get $keyEnd) (local.get $keyStart)) (i32.const 6)))
          (then
            (br_if $stop
              (i32.lt_s (local.get $room) (call $escapedLength (local.get $keyStart) (local.get $keyEnd))))))

        (i32.store8 (local.get $to) (local.get $separator))
        (local.set $to (i32.add (local.get $to) (i32.ne (local.get $separator) (i32.const 0))))
        (local.set $separator (i32.const 44))
        (local.set $bytes (i32.const 0))
        (loop $head
          (v128.store align=1
            (i32.add (local.get $to) (local.get $bytes))
            (v128.load offset=1152 (local.get $bytes)))
          (local.set $bytes (i32.add (local.get $bytes) (i32.const 16)))
          (br_if $head (i32.lt_u (local.get $bytes) (local.get $headBytes))))
        (local.set $to
          (call $base64
            (local.get $dataStart)
            (local.get $dataEnd)
            (i32.add (local.get $to) (local.get $headBytes))))
        (v128.store align=1 (local.get $to) (v128.load offset=1408 (i32.const 0)))
        (i32.store16 offset=16 align=1 (local.get $to) (i32.load16_u offset=1424 (i32.const 0)))
        (local.set $to
          (call $escaped
            (local.get $keyStart)
            (local.get $keyEnd)
            (i32.add (local.get $to) (i32.const 18))))
        ;; "}
        (i32.store16 align=1 (local.get $to) (i32.const 0x7d22))
        (local.set $to (i32.add (local.get $to) (i32.const 2)))
        (call $count (local.get $digitsAt))
        (local.set $from (local.get $dataEnd))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (i32.store offset=1536 (i32.const 0) (local.get $from))
    (i32.store offset=1540 (i32.const 0) (local.get $left))
    (local.get $to)))
