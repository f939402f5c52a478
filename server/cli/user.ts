import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import { StartError } from '../config.ts'
import { withServices } from './with-services.ts'

/** Asks without showing what is typed; reads a line of standard input where that is not a terminal. */
function askPassword(): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const { stdin } = process
  if (stdin.isTTY) process.stderr.write('Password: ')
  const lines = createInterface({
    input: stdin,
    output: stdin.isTTY ? silent : undefined,
    terminal: stdin.isTTY,
  })
  return new Promise((resolve) => {
    let password = ''
    lines.once('line', (line) => {
      password = line
      lines.close()
    })
    lines.once('close', () => {
      if (stdin.isTTY) process.stderr.write('\n')
      resolve(password)
    })
  })
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `The --password-file cannot be read (${reason}). Correct the path or its permissions.`,
    )
  }
}

/** `callmanager user add LOGIN`: an account of the embedded helpdesk, at its root entity. */
export async function user(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      profile: { type: 'string', default: 'Super-Admin' },
      'password-file': { type: 'string' },
    },
  })
  const [action, login, ...rest] = positionals
  if (action !== 'add' || login === undefined || rest.length > 0) {
    throw new StartError('Usage: callmanager user add LOGIN [--profile NAME] [--password-file FILE]')
  }
  const file = values['password-file']
  const password = file === undefined ? await askPassword() : readPassword(file)
  await withServices(async ({ helpdesk }) => {
    if (helpdesk.logins === undefined) {
      throw new StartError('This helpdesk keeps its own accounts. Add the user there.')
    }
    const id = await helpdesk.logins.addAccount({ login, password }, values.profile)
    console.log(`${login} can log in now (user ${id}, ${values.profile}).`)
  })
}
