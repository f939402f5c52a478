import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { findingIn } from '../web/lib/problem-words.ts'
import { words as french } from '../web/locales/findings/fr.ts'

const DOCTOR = fileURLToPath(new URL('../server/doctor/', import.meta.url))
/** What is put together of parts, of which some are tried whole below. */
const PARTS =
  /^(?:The store is whole|The database (?:server|that)|The helpdesk does not answer as an ITSM-NG does1|1, |1 may 1|Of these 1\.|The request source of new tickets \(1\) 1|1 people have a RIO|1 (?:or more )?people$|1 of 1 people|all 1 users$|a sample of 1 users$)/

/** Every text in the sources that reads like a sentence, with a 1 for each value. */
const said = globSync('*.ts', { cwd: DOCTOR })
  .filter((file) => !/\.test\.ts$|thread|worker/.test(file))
  .flatMap((file) => {
    const source = readFileSync(DOCTOR + file, 'utf8').replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, '')
    const texts = source.matchAll(
      /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\$]|\\.|\$\{[^{}`]*\})*)`/g,
    )
    return [...texts].map(([, one, other, third]) =>
      (one ?? other ?? third ?? '').replace(/\$\{[^}]*\}/g, '1').replaceAll("\\'", "'"),
    )
  })
  .filter(
    (text) => /^(?:[A-Z1].* .*[.)]|[A-Z].*: 1)$/s.test(text.trim()) && !/^1 (?:answers\.$)?1?$/.test(text),
  )

describe('findings on a page', () => {
  test('say nothing in English to who reads French', () => {
    expect(said.length).toBeGreaterThan(90)
    const left = said.filter(
      (text) => !PARTS.test(text) && /\b(the|is|are|of|and|it)\b/i.test(findingIn(french, text.trim())),
    )
    expect(left).toEqual([])
  })

  test.each([
    ['The tables are of this release.', 'Les tables sont de cette version.'],
    [
      'Our own table holds 7 rows of RIOs. Of these 2 are empty, which means none. Of these 1 are of users in the bin, and find nobody until they are restored.',
      'Notre table contient 7 lignes de RIO. Parmi elles, 2 sont vides, c’est-à-dire sans RIO. Parmi elles, 1 sont d’utilisateurs dans la corbeille, et ne trouvent personne avant leur restauration.',
    ],
    [
      'The tables are of an older release, or not made yet; steps that are missing: 3.',
      'Les tables sont d’une version plus ancienne, ou pas encore créées ; étapes qui manquent : 3.',
    ],
    [
      'http://itsm.example.org forwards to Call Manager, which expects another sub-directory: its BASE_PATH is "".',
      'http://itsm.example.org transmet à Call Manager, qui attend un autre sous-répertoire : son BASE_PATH vaut «  ».',
    ],
    ['Set BASE_PATH= and restart Call Manager.', 'Mettez BASE_PATH= et redémarrez Call Manager.'],
    [
      'MariaDB 10.11.6 answers; the tables are in utf8mb4.',
      'MariaDB 10.11.6 répond ; les tables sont en utf8mb4.',
    ],
    [
      'The database server has no connection left (ER_CON_COUNT_ERROR).',
      'Le serveur de base de données n’a plus de connexion libre (ER_CON_COUNT_ERROR).',
    ],
    [
      '2 people may look callers up (plugin_callmanager_access READ), by the profiles Super-Admin, Technician.',
      '2 personnes peuvent rechercher les appelants (plugin_callmanager_access READ), par les profils Super-Admin, Technician.',
    ],
    [
      'The request source of new tickets (9) is not there: they get the one that the helpdesk gives by itself.',
      'La source de la demande des nouveaux tickets (9) n’existe pas : ils reçoivent celle que l’assistance donne d’elle-même.',
    ],
    [
      '5 of 7 people have a RIO; 1 RIOs are shared, by 2 people. The settings refuse this; who shared one before keeps it.',
      '5 personnes sur 7 ont un RIO ; 1 RIO sont partagés, par 2 personnes. La configuration le refuse ; qui en partageait un auparavant le garde.',
    ],
    ['Whatever nobody has put into words.', 'Whatever nobody has put into words.'],
  ])('are put into French sentence by sentence: %s', (english, expected) => {
    expect(findingIn(french, english)).toBe(expected)
  })
})
