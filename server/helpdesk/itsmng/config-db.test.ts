import { describe, expect, test } from 'vitest'
import { parseConfigDb } from './config-db.ts'

const file = (properties: string) => `<?php\nclass DB extends DBmysql {\n${properties}\n}\n`
const simple = (host: string) =>
  file(`  public $dbhost = ${host};
  public $dbuser = 'itsmng';
  public $dbpassword = 's%40cret';
  public $dbdefault = 'itsmng';`)

describe("a host's config_db.php", () => {
  test.each([
    ['a name', "'db.example.org'", 'mysql://itsmng:s%40cret@db.example.org/itsmng'],
    ['a port', "'127.0.0.1:3307'", 'mysql://itsmng:s%40cret@127.0.0.1:3307/itsmng'],
    [
      'a socket',
      "'localhost:/run/mysqld/mysqld.sock'",
      'mysql://itsmng:s%40cret@localhost/itsmng?socketPath=%2Frun%2Fmysqld%2Fmysqld.sock',
    ],
    ['an IPv6 address', "'::1'", 'mysql://itsmng:s%40cret@[::1]/itsmng'],
    ['an IPv6 address with a port', "'[::1]:3307'", 'mysql://itsmng:s%40cret@[::1]:3307/itsmng'],
    ['nothing', "''", 'mysql://itsmng:s%40cret@localhost/itsmng'],
    ['several, of which the first is taken', "['one', 'two']", 'mysql://itsmng:s%40cret@one/itsmng'],
    ['several, the old way', "array('one:3307', 'two')", 'mysql://itsmng:s%40cret@one:3307/itsmng'],
    ['double quotes', '"db"', 'mysql://itsmng:s%40cret@db/itsmng'],
  ])('names the database at %s', (_, host, url) => {
    expect(parseConfigDb(simple(host))).toEqual({ url })
  })

  test.each([
    ['as it is', "'secret'", 'secret'],
    ['URL-encoded', "'p%40ss%3Aw%2Frd%20%C3%A9'", 'p@ss:w/rd é'],
    ['with a per cent sign that escapes nothing', "'100%zz'", '100%zz'],
    ['with a plus sign, which is no space', "'a+b'", 'a+b'],
    ['with quotes', String.raw`'it\'s \\ "so"'`, 'it\'s \\ "so"'],
    ['in double quotes', String.raw`"tab\tdollar\$ \x41 \u{e9} \101"`, 'tab\tdollar$ A é A'],
    ['with what looks like a comment', "'a//b#c/*d*/'", 'a//b#c/*d*/'],
    ['with a semicolon', "'a;b'", 'a;b'],
    ['none', "''", ''],
  ])('has a password %s', (_, written, password) => {
    const parsed = parseConfigDb(simple("'db'").replace("'s%40cret'", written))
    expect('url' in parsed && decodeURIComponent(new URL(parsed.url).password)).toBe(password)
  })

  test('may hold comments, other properties and older PHP', () => {
    const parsed = parseConfigDb(
      file(`  // public $dbhost = 'commented';
  # $dbuser = 'commented';
  /* public $dbpassword = 'commented'; */
  var $dbhost = 'db' ; public string $dbuser="itsmng";
  public ?string $dbpassword = 'x'; // the end
  public $use_utf8mb4 = true;
  public $dbdefault = 'my base';
  public $dbtype = 'mysql';
  public $dbssl = false;`),
    )
    expect(parsed).toEqual({ url: 'mysql://itsmng:x@db/my%20base' })
  })

  test('is read in no time, whatever stands in it', () => {
    const began = performance.now()
    parseConfigDb(`${'$a ='.repeat(20_000)};`)
    expect(performance.now() - began).toBeLessThan(1000)
  })

  test.each([
    ['PostgreSQL', `${simple("'db'")} public $dbtype = 'pgsql';`, /neither MariaDB nor MySQL/],
    ['a host that PHP works out', simple("getenv('DB_HOST')"), /\$dbhost is worked out by PHP/],
    ['a constant', simple('DB_HOST'), /\$dbhost is worked out by PHP/],
    ['texts put together', simple("'db' . '1'"), /\$dbhost is worked out by PHP/],
    ['a variable in a text', simple('"db$number"'), /\$dbhost is worked out by PHP/],
    ['TLS', `${simple("'db'")} public $dbssl = true;`, /asks for TLS/],
    ['no database', simple("'db'").replace("dbdefault = 'itsmng'", "dbdefault = ''"), /\$dbdefault.*empty/],
    ['nothing of the kind', '<html>login</html>', /does not hold a property \$dbhost/],
    ['a code point that there is not', simple(String.raw`"\u{FFFFFFFF}"`), /\$dbhost is worked out by PHP/],
    ['half a character', simple(String.raw`"\u{D800}"`), /\$dbhost is worked out by PHP/],
    ['an address that is none', simple("'bad host'"), /\$dbhost.*no address/],
    ['a port that is none', simple("'db:99999'"), /\$dbhost.*no address/],
    ['more in the address than a host', simple("'db/other?user='"), /\$dbhost.*no address/],
    ['another database in the address', simple("'db/other'"), /\$dbhost.*no address/],
    ['a file of five megabytes', `${simple("'db'")}${'/*'.repeat(2_500_000)}`, /larger than/],
    ['a file that is cut off', simple("'db'").slice(0, 60), /does not hold a property \$dbuser/],
  ])('is refused for %s, without its secrets', (_, php, problem) => {
    const parsed = parseConfigDb(php)
    expect(parsed).toEqual({ problem: expect.stringMatching(problem) })
    expect(JSON.stringify(parsed)).not.toMatch(/cret/)
  })
})
