;; What is asked of many texts at once: whether one has unusual characters, and MD5 (RFC 1321) of four texts side by side, the same step for all four in one
;; word of sixteen bytes. Whoever calls it is text-lanes.ts.
;;
;; Memory, as text-lanes.ts lays it out:
;;      0  for each of the 64 steps: its constant
;;    256  where the step's word of the block is, among sixteen times sixteen bytes
;;    512  how far it rotates
;;    768  the block: of each of its sixteen words the four texts' ones
;;   1024  the four texts' lengths in blocks, and then where they begin
;;   2048  digests, as 32 digits each
;;  65536  the texts, each with room for its padding

(module
  (import "eddy" "memory" (memory 1))

  ;; Whether a text in UTF-8 has control characters besides tab, line feed and carriage return, or anything from U+F000 to U+FFFF, whose first byte
  ;; is 0xef: the last two of these are no characters, and U+FFFD stands for halves of surrogate pairs.
  (func (export "isUnusual") (param $from i32) (param $length i32) (result i32)
    (local $end i32) (local $chunk v128) (local $odd i32)
    (local.set $end (i32.add (local.get $from) (local.get $length)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $chunk (v128.load align=1 (local.get $from)))
        (local.set $odd
          (i8x16.bitmask
            (v128.or
              (i8x16.eq
                (local.get $chunk)
                (v128.const i8x16 0xef 0xef 0xef 0xef 0xef 0xef 0xef 0xef 0xef 0xef 0xef 0xef 0xef 0xef 0xef 0xef))
              (v128.andnot
                (i8x16.lt_u
                  (local.get $chunk)
                  (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))
                (v128.or
                  (i8x16.eq
                    (local.get $chunk)
                    (v128.const i8x16 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13))
                  (i8x16.le_u
                    (i8x16.sub
                      (local.get $chunk)
                      (v128.const i8x16 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9))
                    (v128.const i8x16 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1)))))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        ;; What lies behind the end does not count.
        (if (i32.gt_u (local.get $from) (local.get $end))
          (then
            (local.set $odd
              (i32.and
                (local.get $odd)
                (i32.shr_u (i32.const 0xffff) (i32.sub (local.get $from) (local.get $end)))))))
        (br_if $next (i32.eqz (local.get $odd)))
        (return (i32.const 1))))
    (i32.const 0))

  ;; Puts padding behind a text. Returns its length in blocks.
  (func (export "pad") (param $from i32) (param $length i32) (result i32)
    (local $at i32) (local $end i32)
    (local.set $at (i32.add (local.get $from) (local.get $length)))
    (local.set $end
      (i32.add
        (local.get $from)
        (i32.and (i32.add (local.get $length) (i32.const 72)) (i32.const -64))))
    (i64.store align=1 (local.get $at) (i64.const 0x80))
    (local.set $at (i32.add (local.get $at) (i32.const 8)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (i64.store align=1 (local.get $at) (i64.const 0))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $next)))
    (i64.store
      (i32.sub (local.get $end) (i32.const 8))
      (i64.shl (i64.extend_i32_u (local.get $length)) (i64.const 3)))
    (i32.shr_u (i32.sub (local.get $end) (local.get $from)) (i32.const 6)))

  ;; Four words of each text become four words of the block.
  (func $gather (param $offset i32)
    (local $one v128) (local $two v128) (local $three v128) (local $four v128)
    (local $low v128) (local $high v128)
    (local.set $one (v128.load align=1 (i32.add (i32.load offset=1040 (i32.const 0)) (local.get $offset))))
    (local.set $two (v128.load align=1 (i32.add (i32.load offset=1044 (i32.const 0)) (local.get $offset))))
    (local.set $three (v128.load align=1 (i32.add (i32.load offset=1048 (i32.const 0)) (local.get $offset))))
    (local.set $four (v128.load align=1 (i32.add (i32.load offset=1052 (i32.const 0)) (local.get $offset))))
    (local.set $offset (i32.shl (i32.and (local.get $offset) (i32.const 48)) (i32.const 2)))
    (local.set $low (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $one) (local.get $two)))
    (local.set $high (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $three) (local.get $four)))
    (v128.store offset=768 (local.get $offset)
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $low) (local.get $high)))
    (v128.store offset=784 (local.get $offset)
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $low) (local.get $high)))
    (local.set $low (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $one) (local.get $two)))
    (local.set $high (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $three) (local.get $four)))
    (v128.store offset=800 (local.get $offset)
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $low) (local.get $high)))
    (v128.store offset=816 (local.get $offset)
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $low) (local.get $high))))

  ;; Sixteen bytes as digits.
  (func $hex (param $to i32) (param $bytes v128)
    (local $high v128) (local $low v128)
    (local.set $high (i8x16.shr_u (local.get $bytes) (i32.const 4)))
    (local.set $low
      (v128.and
        (local.get $bytes)
        (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15)))
    (v128.store (local.get $to)
      (i8x16.swizzle
        (v128.const i8x16 48 49 50 51 52 53 54 55 56 57 97 98 99 100 101 102)
        (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $high) (local.get $low))))
    (v128.store offset=16 (local.get $to)
      (i8x16.swizzle
        (v128.const i8x16 48 49 50 51 52 53 54 55 56 57 97 98 99 100 101 102)
        (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $high) (local.get $low)))))

  ;; All four texts, up to the longest one's end. Whoever is done keeps its state. The digits go to `to`.
  (func (export "digest") (param $blocks i32) (param $to i32)
    (local $block i32) (local $at i32) (local $shift i32) (local $sum v128) (local $keep v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $a0 v128) (local $b0 v128) (local $c0 v128) (local $d0 v128)
    (local.set $a (v128.const i32x4 0x67452301 0x67452301 0x67452301 0x67452301))
    (local.set $b (v128.const i32x4 0xefcdab89 0xefcdab89 0xefcdab89 0xefcdab89))
    (local.set $c (v128.const i32x4 0x98badcfe 0x98badcfe 0x98badcfe 0x98badcfe))
    (local.set $d (v128.const i32x4 0x10325476 0x10325476 0x10325476 0x10325476))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $block) (local.get $blocks)))
        (local.set $at (i32.shl (local.get $block) (i32.const 6)))
        (call $gather (local.get $at))
        (call $gather (i32.add (local.get $at) (i32.const 16)))
        (call $gather (i32.add (local.get $at) (i32.const 32)))
        (call $gather (i32.add (local.get $at) (i32.const 48)))
        (local.set $a0 (local.get $a))
        (local.set $b0 (local.get $b))
        (local.set $c0 (local.get $c))
        (local.set $d0 (local.get $d))
        (local.set $at (i32.const 0))
        (loop $round1
          (local.set $sum
            (i32x4.add
              (i32x4.add
                (i32x4.add
                  (v128.load offset=768 (i32.load offset=256 (local.get $at)))
                  (v128.load32_splat (local.get $at)))
                (local.get $a))
              (v128.bitselect (local.get $c) (local.get $d) (local.get $b))))
          (local.set $shift (i32.load offset=512 (local.get $at)))
          (local.set $a (local.get $d))
          (local.set $d (local.get $c))
          (local.set $c (local.get $b))
          (local.set $b
            (i32x4.add
              (local.get $b)
              (v128.or
                (i32x4.shl (local.get $sum) (local.get $shift))
                (i32x4.shr_u (local.get $sum) (i32.sub (i32.const 32) (local.get $shift))))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $round1 (i32.lt_u (local.get $at) (i32.const 64))))
        (loop $round2
          (local.set $sum
            (i32x4.add
              (i32x4.add
                (i32x4.add
                  (v128.load offset=768 (i32.load offset=256 (local.get $at)))
                  (v128.load32_splat (local.get $at)))
                (local.get $a))
              (v128.bitselect (local.get $b) (local.get $c) (local.get $d))))
          (local.set $shift (i32.load offset=512 (local.get $at)))
          (local.set $a (local.get $d))
          (local.set $d (local.get $c))
          (local.set $c (local.get $b))
          (local.set $b
            (i32x4.add
              (local.get $b)
              (v128.or
                (i32x4.shl (local.get $sum) (local.get $shift))
                (i32x4.shr_u (local.get $sum) (i32.sub (i32.const 32) (local.get $shift))))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $round2 (i32.lt_u (local.get $at) (i32.const 128))))
        (loop $round3
          (local.set $sum
            (i32x4.add
              (i32x4.add
                (i32x4.add
                  (v128.load offset=768 (i32.load offset=256 (local.get $at)))
                  (v128.load32_splat (local.get $at)))
                (local.get $a))
              (v128.xor (v128.xor (local.get $b) (local.get $c)) (local.get $d))))
          (local.set $shift (i32.load offset=512 (local.get $at)))
          (local.set $a (local.get $d))
          (local.set $d (local.get $c))
          (local.set $c (local.get $b))
          (local.set $b
            (i32x4.add
              (local.get $b)
              (v128.or
                (i32x4.shl (local.get $sum) (local.get $shift))
                (i32x4.shr_u (local.get $sum) (i32.sub (i32.const 32) (local.get $shift))))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $round3 (i32.lt_u (local.get $at) (i32.const 192))))
        (loop $round4
          (local.set $sum
            (i32x4.add
              (i32x4.add
                (i32x4.add
                  (v128.load offset=768 (i32.load offset=256 (local.get $at)))
                  (v128.load32_splat (local.get $at)))
                (local.get $a))
              (v128.xor (local.get $c) (v128.or (local.get $b) (v128.not (local.get $d))))))
          (local.set $shift (i32.load offset=512 (local.get $at)))
          (local.set $a (local.get $d))
          (local.set $d (local.get $c))
          (local.set $c (local.get $b))
          (local.set $b
            (i32x4.add
              (local.get $b)
              (v128.or
                (i32x4.shl (local.get $sum) (local.get $shift))
                (i32x4.shr_u (local.get $sum) (i32.sub (i32.const 32) (local.get $shift))))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $round4 (i32.lt_u (local.get $at) (i32.const 256))))
        (local.set $keep (i32x4.le_u (v128.load offset=1024 (i32.const 0)) (i32x4.splat (local.get $block))))
        (local.set $a (v128.bitselect (local.get $a0) (i32x4.add (local.get $a) (local.get $a0)) (local.get $keep)))
        (local.set $b (v128.bitselect (local.get $b0) (i32x4.add (local.get $b) (local.get $b0)) (local.get $keep)))
        (local.set $c (v128.bitselect (local.get $c0) (i32x4.add (local.get $c) (local.get $c0)) (local.get $keep)))
        (local.set $d (v128.bitselect (local.get $d0) (i32x4.add (local.get $d) (local.get $d0)) (local.get $keep)))
        (local.set $block (i32.add (local.get $block) (i32.const 1)))
        (br $next)))
    ;; Each text's four words side by side.
    (local.set $a0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a) (local.get $b)))
    (local.set $c0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $c) (local.get $d)))
    (local.set $b0 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b)))
    (local.set $d0 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d)))
    (call $hex (local.get $to)
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a0) (local.get $c0)))
    (call $hex (i32.add (local.get $to) (i32.const 32))
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $a0) (local.get $c0)))
    (call $hex (i32.add (local.get $to) (i32.const 64))
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $b0) (local.get $d0)))
    (call $hex (i32.add (local.get $to) (i32.const 96))
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $b0) (local.get $d0)))))
