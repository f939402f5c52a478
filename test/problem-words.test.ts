import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ERRORS } from '../server/domain/errors.ts'
import { METHOD_CHANGE_PROBLEMS } from '../server/rios/method-change.ts'
import { sentenceIn } from '../web/lib/problem-words.ts'
import { words as english } from '../web/locales/problems/en.ts'
import { words as french } from '../web/locales/problems/fr.ts'

/** What a page cannot meet: refusals of `apirest.php`, of `api.php` and of the command line. */
const NEVER_ON_PAGES = [
  'login-parameters-missing',
  'user-token-invalid',
  'config-key-unknown',
  'store-in-use',
  'foreign-database',
  'host-unsupported',
]
/** Whose details never reach a page: what is said at the start, by the doctor, or in the report of a job. */
const ELSEWHERE =
  /\.test\.ts$|^(cli|config|doctor|domain\/import-|jobs\/import(-plan)?\.ts|jobs\/run\.ts|rios\/method-|plugins\/errors|storage\/(migrate|missing-grants|settings|sqlite-commit)|helpdesk\/clients\.ts|helpdesk\/embedded\/logins\.ts|helpdesk\/itsmng\/(host|migrate-beside)\.ts)/
/** Whose values are words, each of which has a sentence of its own in French. */
const SPELT_OUT =
  /^(the profile lacks 1 on |the category is not meant for tickets of type 1|the helpdesk holds 1 1|there are 1 in it)/
const SERVER = fileURLToPath(new URL('../server/', import.meta.url))

/** Sentences of the server's that are written down as the detail of a failure; values stand as 1. */
function detailsIn(source: string): string[] {
  const text = String.raw`('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|${'`[^`]*`'})`
  const before = String.raw`(?:detail\s*[:=]\s*(?:\w+ === '' \? )?|refuse[d]?\(\s*(?:(?:'[\w.]+'|field)\s*,\s*)?|refuseUndo\(|refuseCursor\(|illBecause\(\s*|(?:return|\? null :|: )\s*(?=['"${'`'}]the (?:profile|person) ))`
  return [...source.matchAll(new RegExp(before + text, 'g'))].flatMap(([, literal = '']) => {
    const sentence = literal.slice(1, -1).replace(/\$\{[^}]*\}+/g, '1')
    return sentence.includes(' ') ? [sentence] : []
  })
}

const said = globSync('**/*.ts', { cwd: SERVER })
  .filter((file) => !ELSEWHERE.test(file))
  .flatMap((file) => detailsIn(readFileSync(SERVER + file, 'utf8')))

const isEnglish = (sentence: string) => sentenceIn(french, sentence) === sentence

describe('failures on a page', () => {
  test('have French words for every code that a page can meet', () => {
    const codes = Object.keys(ERRORS).filter((code) => !NEVER_ON_PAGES.includes(code))
    expect(Object.keys(french.problems).sort()).toEqual(codes.sort())
  })

  test('have English words of codes that there are', () => {
    expect(Object.keys(ERRORS)).toEqual(expect.arrayContaining(Object.keys(english.problems)))
  })

  test('say no detail in English to who reads French', () => {
    expect(said.length).toBeGreaterThan(80)
    const left = said.filter((sentence) => isEnglish(sentence) && !SPELT_OUT.test(sentence))
    expect(left).toEqual([])
  })

  test('say no reason of a report in English either', () => {
    const files = [
      'domain/import-line.ts',
      'jobs/import.ts',
      'jobs/import-plan.ts',
      'jobs/import-places.ts',
      'rios/stored-rio.ts',
    ]
    const reasons = files.flatMap((file) =>
      [
        ...readFileSync(SERVER + file, 'utf8').matchAll(
          /['`]((?:it|the|a|an|somebody|several|nobody|whoever|there) [^'`\n]*)['`]/g,
        ),
      ].map(([, sentence = '']) => sentence.replace(/\$\{[^}]*\}/g, '1')),
    )
    expect(reasons.length).toBeGreaterThan(20)
    const left = [...reasons, ...Object.values(METHOD_CHANGE_PROBLEMS)].filter(isEnglish)
    expect(left).toEqual([])
  })

  test('have no French words for what nobody says any more', () => {
    const sources = globSync('**/*.ts', { cwd: SERVER }).map((file) => readFileSync(SERVER + file, 'utf8'))
    const all = sources.join('\n').replaceAll("\\'", "'")
    const values = /^(the category is not meant|there are )/
    const gone = Object.keys(french.details).filter((one) => !values.test(one) && !all.includes(one))
    expect(gone).toEqual([])
  })

  test.each([
    ['remedies', Object.values(french.problems).map(({ title, remedy }) => `${title} ${remedy}`)],
    ['details', Object.values(french.details)],
    ['patterns', french.patterns.map(([, text]) => text)],
  ])('hold no English among the French (%s)', (_what, texts) => {
    const left = texts.filter((text) => /\b(the|and|with|again|of|your|may|not)\b/i.test(text))
    expect(left).toEqual([])
  })
})
