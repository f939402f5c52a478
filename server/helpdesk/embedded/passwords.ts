import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'
import { AppError } from '../../domain/errors.ts'

const deriveKey = promisify(argon2)

/** OWASP's second choice for argon2id: 19 MiB, two passes; about 30 ms. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 }
const TAG_LENGTH = 32

/** Hashing takes a core and 19 MiB each: two at a time, and no endless queue before them. */
const CONCURRENT = 2
const MAX_WAITING = 100

const running = { count: 0, waiting: [] as (() => void)[] }

/** Both kinds of hashing run on the thread pool, never on the event loop. */
async function oneOfTwo<T>(work: () => Promise<T>): Promise<T> {
  if (running.count < CONCURRENT) running.count++
  else {
    if (running.waiting.length >= MAX_WAITING) throw new AppError('overloaded', { retryAfter: 5 })
    await new Promise<void>((resolve) => running.waiting.push(resolve))
  }
  try {
    return await work()
  } finally {
    // A place is handed on rather than given back, so that no newcomer slips in between.
    const next = running.waiting.shift()
    if (next === undefined) running.count--
    else next()
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

/** Hashes a password with argon2id; answers a PHC string (`$argon2id$v=19$m=…`). */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await oneOfTwo(() =>
    deriveKey('argon2id', { ...COST, message: password, nonce, tagLength: TAG_LENGTH }),
  )
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(nonce)}$${base64(tag)}`
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

async function verifyArgon2(password: string, parts: RegExpExecArray): Promise<boolean> {
  const [, memory, passes, parallelism, nonce = '', tag = ''] = parts
  const expected = Buffer.from(tag, 'base64')
  const actual = await deriveKey('argon2id', {
    message: password,
    nonce: Buffer.from(nonce, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return timingSafeEqual(actual, expected)
}

// An unknown login costs as much as a known one, so that the time does not tell them apart.
let decoy: Promise<string> | undefined

/**
 * Does the password match the stored hash: argon2id as we make it, or bcrypt as PHP's `password_hash` does. A missing
 * hash matches nothing, at the same cost.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  if (stored?.startsWith('$2')) return oneOfTwo(() => verifyBcrypt(password, stored))
  const parts = stored === null ? null : PHC.exec(stored)
  if (parts !== null) return oneOfTwo(() => verifyArgon2(password, parts))
  decoy ??= hashPassword(base64(randomBytes(16))).catch((error: unknown) => {
    // Refused in a rush: the next one makes it, or nobody unknown would ever be answered again.
    decoy = undefined
    throw error
  })
  const decoyParts = PHC.exec(await decoy)
  if (decoyParts !== null) await oneOfTwo(() => verifyArgon2(password, decoyParts))
  return false
}
