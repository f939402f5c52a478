#!/usr/bin/env -S node --max-semi-space-size=2
// V8 would let short-lived objects take 48 MB before it looks at them; look-ups make many, and gain nothing by it.
import { StartError } from './config.ts'
import { AppError, ERRORS } from './domain/errors.ts'
import { explainConnection } from './storage/connection-failures.ts'
import { VERSION } from './version.ts'

interface Command {
  /** How it is called and what it does, for the help text. */
  usage: string
  purpose: string
  /** Reads its arguments itself; the others take none. */
  takesArguments?: boolean
  load(): Promise<(args: string[]) => Promise<void>>
}

/** Each command is loaded when it is called, so that none pays for another's imports. */
const COMMANDS: Record<string, Command> = {
  demo: {
    takesArguments: true,
    usage: 'demo [--people N]',
    purpose: 'Serve an organisation to try things on; its logins work on this machine only',
    load: async () => (await import('./cli/demo.ts')).demo,
  },
  serve: {
    usage: 'serve',
    purpose: 'Serve',
    load: async () => (await import('./cli/serve.ts')).serve,
  },
  migrate: {
    takesArguments: true,
    usage: 'migrate [--print [--account USER@HOST]] [--undo]',
    purpose: 'Bring the tables to this release; print its SQL and GRANTs for an administrator; take it back',
    load: async () => (await import('./cli/migrate.ts')).migrate,
  },
  user: {
    takesArguments: true,
    usage: 'user add LOGIN [--profile NAME] [--password-file FILE]',
    purpose: 'Add an account to the embedded helpdesk; asks for the password',
    load: async () => (await import('./cli/user.ts')).user,
  },
  settings: {
    takesArguments: true,
    usage: 'settings [set NAME VALUE]',
    purpose: 'Show the settings kept in the database, or change one',
    load: async () => (await import('./cli/settings.ts')).settings,
  },
  'storage-method': {
    takesArguments: true,
    usage: 'storage-method [preview|change TO] …',
    purpose: 'Show where RIOs are kept, or copy them to another place and keep them there',
    load: async () => (await import('./cli/storage-method.ts')).storageMethod,
  },
  import: {
    takesArguments: true,
    usage: 'import FILE [--rios-only] [--dry-run] …',
    purpose: 'Import people or RIOs from a CSV file; `import` alone tells its options',
    load: async () => (await import('./cli/import.ts')).importFile,
  },
  export: {
    takesArguments: true,
    usage: 'export [FILE] [--rios-only] …',
    purpose: 'Export people or RIOs as a CSV file that import takes',
    load: async () => (await import('./cli/export.ts')).exportFile,
  },
  reindex: {
    usage: 'reindex',
    purpose: 'Compare the whole identifier index with the users; look-ups go on meanwhile',
    load: async () => (await import('./cli/reindex.ts')).reindex,
  },
  backup: {
    takesArguments: true,
    usage: 'backup [FILE] [--force]',
    purpose:
      'Copy the store to a file, checked, while a server goes on; into DATA_DIR/backups without a name',
    load: async () => (await import('./cli/backup.ts')).backup,
  },
  restore: {
    takesArguments: true,
    usage: 'restore FILE',
    purpose: 'Put a backup in the place of the store, which is kept; a server may run',
    load: async () => (await import('./cli/restore.ts')).restore,
  },
  doctor: {
    takesArguments: true,
    usage: 'doctor [--thorough] [--json]',
    purpose: 'Look for what is wrong and say what to do about it; changes nothing, a server may run',
    load: async () => (await import('./cli/doctor.ts')).doctor,
  },
  config: {
    usage: 'config',
    purpose: 'Show the settings that the environment gives, secrets masked',
    load: async () => (await import('./cli/config.ts')).config,
  },
}

function help(): string {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length))
  const lines = Object.values(COMMANDS).map(
    ({ usage, purpose }) => `  callmanager ${usage.padEnd(width)}  ${purpose}`,
  )
  return `Call Manager ${VERSION}\n\n${lines.join('\n')}\n\nSettings come from the environment; see .env.example.`
}

/** An expected failure as one sentence or two; null for a defect, which keeps its stack. */
function explain(error: unknown, usage: string): string | null {
  if (error instanceof StartError) return error.message
  if (error instanceof AppError && error.code === 'storage-unavailable') {
    const sentence = explainStorage(error.cause)
    if (sentence !== null) return sentence
    const reason = error.detail === undefined ? '' : `: ${error.detail}`
    return `The database of DATABASE_URL cannot be used${reason}. Try again in a moment, or run: callmanager doctor`
  }
  if (error instanceof AppError) {
    const field = error.field === undefined ? '' : `${error.field}: `
    return `${field}${error.message}. ${ERRORS[error.code].remedy}`
  }
  // parseArgs says what it did not understand.
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return `${error.message} Usage: callmanager ${usage}`
  }
  return explainStorage(error)
}

const UNWRITABLE = /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ENOENT|ENOSPC)$/

/** A database that does not answer, a folder that cannot be written: the settings or the machine are to be mended. */
function explainStorage(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  const code = String(error.code)
  // A socket that is not there is missed by a path, as a folder is.
  if (UNWRITABLE.test(code) && 'syscall' in error && error.syscall !== 'connect') {
    return `The folder of the database cannot be used (${error.message}). Correct DATA_DIR or its permissions.`
  }
  const failure = explainConnection(error)
  if (failure !== null) return `${failure.what} ${failure.remedy}`
  // What SQLite says when it opens a file; other faults of it are defects and keep their stack.
  if (
    code === 'ERR_SQLITE_ERROR' &&
    /unable to open database file|not a database|readonly/.test(error.message)
  ) {
    return `The database file cannot be used (${error.message}). Correct DATA_DIR or DATABASE_URL, or the permissions.`
  }
  return null
}

const [name = 'help', ...args] = process.argv.slice(2)
const command = COMMANDS[name]
if (name === '--version' || name === 'version') console.log(VERSION)
else if (name === 'help' || name === '--help' || name === '-h' || args.includes('--help')) console.log(help())
else if (command === undefined) {
  console.error(`There is no command "${name}".\n\n${help()}`)
  process.exitCode = 2
} else if (args.length > 0 && !command.takesArguments) {
  console.error(
    `"${name}" takes no arguments. Settings come from the environment, such as PORT=9000; see .env.example.`,
  )
  process.exitCode = 2
} else {
  try {
    await (await command.load())(args)
  } catch (error) {
    const sentence = explain(error, command.usage)
    if (sentence === null) throw error
    console.error(sentence)
    process.exitCode = 1
  }
}
