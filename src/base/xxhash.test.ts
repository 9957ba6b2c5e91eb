import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XxHash3 } from './xxhash3.ts';
import { XxHash64 } from './xxhash64.ts';

// What the xxHash project's own library (0.8.3) computes of the buffer of its sanity test (tests/sanity_test.c), seed 0: bytes, XXH64,
// XXH3-64, XXH128.
const VECTORS: readonly (readonly [number, string, string, string])[] = [
  [0, 'ef46db3751d8e999', '2d06800538d394c2', '99aa06d3014798d86001c324468d497f'],
  [1, 'e934a84adb052768', 'c44bdff4074eecdb', 'a6cd5e9392000f6ac44bdff4074eecdb'],
  [3, 'ff7e1959cb50794a', '54247382a8d6b94d', '20efc49ff02422ea54247382a8d6b94d'],
  [4, '9136a0dca57457ee', 'e5dc74bc51848a51', '970d585ac632bf8e2e7d8d6876a39fe9'],
  [8, 'cdbcf538e71d1348', '24ccc9acaa9f65e4', '47a7f080d82bb45664c69cab4bb21dc5'],
  [9, '554b1ae991eda6b6', '14d5001c15dd3f2b', '564ef6078950d457ed7ccbc501eb7501'],
  [14, '8282dcc4994e35c8', '1ac0bbda2b9fcf03', 'b2623398aa0bda1e352b80797cda6247'],
  [16, '98c90b57fdfcb55c', '981b17d36c7498c9', 'c68c368ecf8a9c05562980258a998629'],
  [17, '0d39a2d051a30c2c', '796f5acd3a60f862', '955fa78643ed3669abbc12d11973d7db'],
  [32, '18b216492bb44b70', '9feaddbdbf57eed3', '98fc6458710dc2e8278410a17595e3f9'],
  [33, '55c8dc3e578f5b59', 'abfb2d081b400a10', '3103c192ceaa2dede593bc4e5914c9d1'],
  [64, 'ef558f8acac2b5cd', '9cb48487720ec49d', '6d90e81a9b0fd622efdb6a44690721a9'],
  [128, '90ca021457d96dc5', 'fcff24126754d861', '39992220e045260aebb15e34a7fb5ab1'],
  [129, '41c280132d697aba', '98f1b0a679a2ca29', '03815fc91f1b30b686c9e3bc8f0a3b5c'],
  [195, '52b73ecdb3ef30e4', 'cd94217ee362ec3a', '7729543a26b207ee3fb593c086a66075'],
  [240, 'b81838d483baee53', '81c3c2b67f568ccf', 'aa4202daa2769dc85c9aae94c8ebe5a0'],
  [241, '95d76c8b4d8fc4d6', 'c5a639ecd2030e5e', '99a80ecf0ecfc647c5a639ecd2030e5e'],
  [403, 'd99858fee82283df', 'cdeb804d65c6dea4', '1b6de21e332dd73dcdeb804d65c6dea4'],
  [1024, '4775bf7cace4d177', 'dd85c9b5c1109c5c', '0d30d24071c64c57dd85c9b5c1109c5c'],
  [1025, '847fa6006d7c2ac0', 'd870c0fa13211c6a', 'fd3ee4fe7f2954c6d870c0fa13211c6a'],
  [2367, 'a82418ddec0ea581', 'cb37aeb9e5d361ed', 'e89c0f6ff369b427cb37aeb9e5d361ed'],
  [16384, '74bdc12da9a7a784', 'edd17b079a94769e', '035fd334e0a37a89edd17b079a94769e'],
  [16385, '123e88d8f479f19b', 'cc7d15ef1cc53611', '5ed7e463994e9d95cc7d15ef1cc53611'],
  [40000, 'e08cdff2398c9f26', '5190793e507cafc1', '587338270845d9015190793e507cafc1'],
];

const hashes = [() => new XxHash64(), () => new XxHash3(64), () => new XxHash3(128)];

describe('xxHash', () => {
  const buffer = sanityBuffer(40_000);

  it.each(VECTORS)('of %i bytes is what the xxHash project computes', (length, ...expected) => {
    expect(hashes.map((begin) => hexOf(begin(), [buffer.subarray(0, length)]))).toEqual(expected);
  });

  it('does not depend on how a stream is cut, nor on where its bytes lie in memory', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ max: 200, min: 0 }), fc.integer({ max: 9000, min: 0 })), { maxLength: 12 }),
        fc.integer({ max: 7, min: 0 }),
        (cuts, from) => {
          const ends = cuts.map((_, index) => cuts.slice(0, index + 1).reduce((sum, bytes) => sum + bytes, from));
          const pieces = cuts.map((bytes, index) => buffer.subarray((ends[index] as number) - bytes, ends[index]));
          const whole = buffer.slice(from, ends.at(-1) ?? from);
          for (const begin of hashes) expect(hexOf(begin(), pieces)).toBe(hexOf(begin(), [whole]));
        },
      ),
      { numRuns: 60 },
    );
  });
});

function hexOf(hash: XxHash64 | XxHash3, pieces: readonly Uint8Array[]): string {
  for (const piece of pieces) hash.update(piece);
  return Buffer.from(hash.digest()).toString('hex');
}

/** The highest byte of a number that is multiplied on. */
function sanityBuffer(length: number): Uint8Array {
  let state = 2_654_435_761n;
  return Uint8Array.from({ length }, () => {
    const byte = Number(state >> 56n);
    state = BigInt.asUintN(64, state * 11_400_714_785_074_694_797n);
    return byte;
  });
}
