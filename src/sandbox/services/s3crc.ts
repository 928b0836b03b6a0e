// The two checksums of S3 that Node does not compute: CRC32C and CRC64NVME, both reflected.

/** Castagnoli polynomial, reflected. */
const CRC32C_POLYNOMIAL = 0x82f63b78
/** NVM Express polynomial, reflected: high and low half. */
const CRC64NVME_POLYNOMIAL = [0x9a6c9329, 0xac4bc9b5] as const

export function crc32cOf(body: Buffer): Buffer {
  let crc = 0xffffffff
  for (const byte of body) crc = (CRC32C_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE((crc ^ 0xffffffff) >>> 0)
  return bytes
}

/** In two halves, because numbers shift 32 bits only and BigInt is slow. */
export function crc64nvmeOf(body: Buffer): Buffer {
  const { high: highs, low: lows } = CRC64NVME_TABLE
  let high = 0xffffffff
  let low = 0xffffffff
  for (const byte of body) {
    const index = (low ^ byte) & 0xff
    low = (lows[index] ?? 0) ^ ((low >>> 8) | (high << 24))
    high = (highs[index] ?? 0) ^ (high >>> 8)
  }
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE((high ^ 0xffffffff) >>> 0)
  bytes.writeUInt32BE((low ^ 0xffffffff) >>> 0, 4)
  return bytes
}

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? CRC32C_POLYNOMIAL ^ (crc >>> 1) : crc >>> 1
  return crc >>> 0
})

const CRC64NVME_TABLE = createTable64()

function createTable64(): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const highs = new Uint32Array(256)
  const lows = new Uint32Array(256)
  for (let index = 0; index < 256; index += 1) {
    let high = 0
    let low = index
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = (low & 1) === 1
      low = (low >>> 1) | (high << 31)
      high >>>= 1
      if (carry) {
        high ^= CRC64NVME_POLYNOMIAL[0]
        low ^= CRC64NVME_POLYNOMIAL[1]
      }
    }
    highs[index] = high
    lows[index] = low
  }
  return { high: highs, low: lows }
}
