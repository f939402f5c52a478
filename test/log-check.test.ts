import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { CANARY, checkLog, findLeaks, keepOutOfLogs, logFile } from './support/log-check.ts'

const folder = mkdtempSync(join(tmpdir(), 'callmanager-log-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the search of the log', () => {
  test.each([
    ['as it is', '{"msg":"asked for 1234567"}', '1234567'],
    ['inside a longer word', '{"msg":"x1234567890"}', '1234567'],
    ['percent-encoded', '{"url":"/users/a%20b%2Fc%20d"}', 'a b/c d'],
    ['escaped in a JSON text', JSON.stringify({ msg: 'line "one"\ntwo' }), 'line "one"\ntwo'],
    ['outside of any JSON', 'Error: near "secret-token"', 'secret-token'],
  ])('finds what is written %s', (_, line, secret) => {
    expect(findLeaks(`{"msg":"first"}\n${line}\n`, ['nothing', secret])).toEqual([
      { secret: expect.any(String), line },
    ])
  })

  test("does not take a part of the time, of a duration or of a process's number for an identifier", () => {
    const line = '{"level":20,"time":1795410776787,"pid":1754110,"ms":1306627.5,"msg":"request"}'
    expect(findLeaks(line, ['5410776', '1754110', '1306627'])).toEqual([])
  })

  test('fails the run that leaked, and passes one that did not', () => {
    keepOutOfLogs(folder, ['7654321', 'short'])
    writeFileSync(logFile(folder), `${CANARY}\nall is well, this is short\n`)
    expect(() => checkLog(folder)).not.toThrow()

    writeFileSync(logFile(folder), `${CANARY}\nsomebody asked for 7654321\n`)
    expect(() => checkLog(folder)).toThrow('1 log lines hold what no log may hold')
  })

  test('fails where there was nothing to search', () => {
    writeFileSync(logFile(folder), '')
    expect(() => checkLog(folder)).toThrow('found no log')
  })
})
