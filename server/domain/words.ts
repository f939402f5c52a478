import { cut } from './cut.ts'

/** Far longer than any name's word; what is cut off would only be compared by its beginning. */
const LONGEST_WORD = 60
/** The width of the index's key column. */
const LONGEST_KEY = 255
const LAST_CHARACTER = '\u{10ffff}'

const PLAIN = /^[ -~]*$/
/** Ways of writing an apostrophe, of which Unicode counts some among the letters. */
const APOSTROPHES = /[\u2018\u2019\u02bb\u02bc\u00b4`\u1fef\uff40]/g
/** Marks over and under letters, invisible characters, and the signs that transliterations put between letters. */
const IGNORED = /[\p{M}\p{Cf}\u02b0-\u02ff]/gu

/** Letters that no decomposition takes apart, although people without such keys write them with others. */
const SPELT_OUT = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ł', 'l'],
  ['ħ', 'h'],
  ['ŧ', 't'],
  ['ı', 'i'],
  ['ς', 'σ'],
])
const SPELT_OUT_LETTERS = new RegExp(`[${[...SPELT_OUT.keys()].join('')}]`, 'g')

/**
 * One spelling for what is searched for by eye rather than by key: without accents, letter case or ligatures. Each
 * character folds by itself, so that the beginning of a text folds to the beginning of what the text folds to.
 */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.replace(APOSTROPHES, "'").toLowerCase()
  return (
    text
      .replace(APOSTROPHES, "'")
      .normalize('NFKD')
      .replace(IGNORED, '')
      // Lower case alone leaves letters apart that are the same as capitals.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .replace(SPELT_OUT_LETTERS, (letter) => SPELT_OUT.get(letter) ?? letter)
      .normalize('NFKD')
      .replace(IGNORED, '')
  )
}

function split(folded: string, between: RegExp): string[] {
  return folded
    .split(between)
    .filter((word) => word !== '')
    .map((word) => cut(word, LONGEST_WORD))
}

const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u
const BETWEEN_NAMES = /[^\p{L}\p{N}']+/u

/** The words that a name, a login or the like is found by, each once: `O’Brien` by `o`, `brien` and `obrien`. */
export function wordsOf(text: string | null): string[] {
  if (text === null || text === '') return []
  const folded = fold(text)
  const words = split(folded, BETWEEN_WORDS)
  if (!folded.includes("'")) return [...new Set(words)]
  const joined = folded.split(BETWEEN_NAMES).map((name) => name.replaceAll("'", ''))
  return [...new Set([...words, ...split(joined.join(' '), BETWEEN_WORDS)])]
}

/** The words of an e-mail address: those before its `@`, since half the house shares what follows. */
export function addressWords(address: string | null): string[] {
  return wordsOf(address?.split('@', 1)[0] ?? null)
}

/** An e-mail address as one key, which its beginning is compared with. Null where there is none. */
export function addressKey(address: string | null): string | null {
  const folded = fold(address ?? '').trim()
  return folded === '' ? null : cut(folded, LONGEST_KEY)
}

/** Words one after another as one key, whatever stands between them; null unless there are several. */
export function phraseOf(text: string): string | null {
  const words = split(fold(text), BETWEEN_WORDS)
  return words.length < 2 ? null : cut(words.join(' '), LONGEST_KEY)
}

/**
 * The words that a person has to have, each by its beginning, for what was typed: without repetitions, and without those
 * that a longer one begins with, since who has `jeanne` has `jean` too.
 */
export function wantedWords(typed: string): string[] {
  const words = [...new Set(split(fold(typed), BETWEEN_WORDS))]
  return words.filter((word) => !words.some((other) => other !== word && other.startsWith(word)))
}

/**
 * The least text behind every key that begins with `prefix`, whether keys are compared by code point or by their UTF-8
 * bytes. (By UTF-16 units it would not be.) Where no text lies behind them all, one that is behind any key but itself.
 */
export function endOfPrefix(prefix: string): string {
  const characters = [...prefix]
  while (characters.at(-1) === LAST_CHARACTER) characters.pop()
  const last = characters.pop()?.codePointAt(0)
  if (last === undefined) return LAST_CHARACTER.repeat(LONGEST_KEY)
  // Between the two stand halves of surrogate pairs, which are no characters.
  return characters.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
}
