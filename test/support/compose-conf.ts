import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSource } from './repository.ts'

/** What the nginx of deploy/compose.yaml makes of the shipped file as it starts, in a folder in place of /etc/nginx. */
export function makeComposeConf(etc: string): string {
  mkdirSync(join(etc, 'conf.d'), { recursive: true })
  writeFileSync(join(etc, 'callmanager.shipped'), readSource('deploy/nginx/callmanager.conf'))
  const script = readSource('deploy/nginx/compose.conf.sh').replaceAll('/etc/nginx', etc)
  const { status, stderr } = spawnSync('sh', { input: script, encoding: 'utf8' })
  if (status !== 0 || stderr !== '') throw new Error(`compose.conf.sh ended with ${status}: ${stderr}`)
  return readFileSync(join(etc, 'conf.d/default.conf'), 'utf8')
}
