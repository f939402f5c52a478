import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

/**
 * Nothing that a caller sent may be found in a log. Every test writes to one log, remembers what must stay out of it, and
 * at the end of the run the whole log is searched for all of it: a hit fails the run.
 */

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's log and the list of what must not be in it are kept. */
    runFolder: string
  }
}

/** Shorter texts are found in any log by accident. */
const SHORTEST = 6
/** Written through a server's own log, so that a search that finds nothing is known to have searched something. */
export const CANARY = 'canary-4b1d7c02'

export const logFile = (folder: string) => join(folder, 'log')
const secretsFile = (folder: string) => join(folder, 'secrets')

/** Remembers what no log may hold. */
export function keepOutOfLogs(folder: string, texts: readonly string[]): void {
  const lines = texts.filter((text) => text.length >= SHORTEST).map((text) => `${JSON.stringify(text)}\n`)
  if (lines.length > 0) appendFileSync(secretsFile(folder), lines.join(''))
}

/** What pino itself writes into each line: numbers in which a short identifier may be found by accident. */
const OWN_NUMBERS = /"(time|pid|ms)":[0-9.]+/g

/** A text in the spellings that it may have in a log: as it is, in an address, in a JSON text. */
function spellings(text: string): string[] {
  const encoded = text.isWellFormed() ? [encodeURIComponent(text)] : []
  return [text, JSON.stringify(text).slice(1, -1), ...encoded]
}

/** Every log line that holds one of these texts, with the text. */
export function findLeaks(log: string, secrets: Iterable<string>): { secret: string; line: string }[] {
  // By their beginning, so that the log is read once however many there are.
  const byBeginning = new Map<string, string[]>()
  for (const spelling of new Set([...secrets].flatMap(spellings))) {
    const beginning = spelling.slice(0, SHORTEST)
    const known = byBeginning.get(beginning)
    if (known === undefined) byBeginning.set(beginning, [spelling])
    else known.push(spelling)
  }
  return log.split('\n').flatMap((line) => {
    const searched = line.replace(OWN_NUMBERS, '')
    for (let at = 0; at + SHORTEST <= searched.length; at++) {
      for (const secret of byBeginning.get(searched.slice(at, at + SHORTEST)) ?? []) {
        if (searched.startsWith(secret, at)) return [{ secret, line }]
      }
    }
    return []
  })
}

/** Throws when the run's log holds what it must not, or when nothing was there to search. */
export function checkLog(folder: string): void {
  if (!existsSync(secretsFile(folder))) return
  const secrets = readFileSync(secretsFile(folder), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => String(JSON.parse(line)))
  const log = readFileSync(logFile(folder), 'utf8')
  if (findLeaks(log, [CANARY]).length === 0) throw new Error('The log check found no log to search.')
  const leaks = findLeaks(log, secrets)
  if (leaks.length === 0) return
  const shown = leaks
    .slice(0, 10)
    .map(({ secret, line }) => `  ${JSON.stringify(secret)} in ${line.slice(0, 2000)}`)
  throw new Error(`${leaks.length} log lines hold what no log may hold:\n${shown.join('\n')}`)
}

export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-run-'))
  project.provide('runFolder', folder)
  return () => {
    try {
      checkLog(folder)
    } catch (error) {
      // Thrown from here, it would keep vitest from closing the rest.
      process.exitCode = 1
      console.error(error instanceof Error ? `\n${error.message}` : error)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
