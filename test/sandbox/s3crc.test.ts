import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32cOf, crc64nvmeOf } from '../../src/sandbox/services/s3crc.ts'

// The check values that the catalogues of CRCs give for the nine digits.
const DIGITS = Buffer.from('123456789')

test('CRC32C and CRC64NVME of the nine digits', () => {
  expect(crc32cOf(DIGITS).toString('hex')).toBe('e3069283')
  expect(crc64nvmeOf(DIGITS).toString('hex')).toBe('ae8b14860a799888')
})

test('CRC64NVME agrees with arithmetic on whole numbers', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      let crc = 0xffffffffffffffffn
      for (const byte of bytes) {
        crc ^= BigInt(byte)
        for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ 0x9a6c9329ac4bc9b5n : crc >> 1n
      }
      const expected = (crc ^ 0xffffffffffffffffn).toString(16).padStart(16, '0')
      expect(crc64nvmeOf(Buffer.from(bytes)).toString('hex')).toBe(expected)
    }),
  )
})
