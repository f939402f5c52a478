import { openHelpdesk } from '../helpdesk/open.ts'
import { createSettings } from '../storage/settings.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { ENGINE, RELEASE, STORE } from './database.ts'
import { type Check, type Finding, runChecks, statusOf } from './finding.ts'
import { HOST_ACCOUNT } from './host-account.ts'
import { askAtTheGate, HOST_API } from './host-api.ts'
import { HOST_DATABASE } from './host-database.ts'
import { HOST_PLUGIN } from './host-plugin.ts'
import { HOST_RIGHTS } from './host-rights.ts'
import { HOST_SETTINGS } from './host-settings.ts'
import { INDEX } from './index-checks.ts'
import { MACHINE, type Machine } from './machine.ts'
import { PROXY } from './proxy.ts'
import { askAtTheProxy } from './proxy-asked.ts'
import { RECORDS } from './records.ts'

/**
 * Looks at everything that can be wrong with an installation, and changes nothing; a server may run. What stands on
 * something that is broken is not looked at: its findings would only repeat that. `leftOut` names checks.
 */
export async function examine(machine: Machine, leftOut: readonly string[] = []): Promise<Finding[]> {
  const findings = await runChecks(MACHINE, machine)
  /** Whether these are well, or well enough to go on. */
  async function pass<Patient>(checks: readonly Check<Patient>[], patient: Patient): Promise<boolean> {
    const wanted = checks.filter(({ name }) => !leftOut.includes(name))
    const found = await runChecks(wanted, patient)
    findings.push(...found)
    return statusOf(found) !== 'problem'
  }

  const { config } = machine
  const gate = config.HELPDESK_URL === '' ? null : await askAtTheGate(config)
  // Whatever its API says, the database can be looked at.
  if (gate !== null) await pass(HOST_API, gate)
  if (!(await pass(STORE, machine))) return findings
  const storage = await openStorage(config.DATABASE_URL, { readOnly: true, patient: machine.thorough })
  try {
    const patient = { ...machine, storage }
    if (!(await pass(ENGINE, patient))) return findings
    if (gate !== null) {
      if (!(await pass(HOST_ACCOUNT, patient))) return findings
      if (!(await pass(HOST_SETTINGS, { ...gate, storage }))) return findings
      await pass(HOST_DATABASE, patient)
      await pass(HOST_RIGHTS, patient)
      await pass(HOST_PLUGIN, patient)
    }
    const proxy = await askAtTheProxy(config, storage)
    if (proxy !== null) await pass(PROXY, proxy)
    if (await pass(RELEASE, patient)) await examineRecords(patient, pass)
    return findings
  } finally {
    await storage.close()
  }
}

type Pass = <Patient>(checks: readonly Check<Patient>[], patient: Patient) => Promise<boolean>

/** What is in tables that are of this release. */
async function examineRecords(machine: Machine & { storage: Storage }, pass: Pass): Promise<void> {
  const { storage, config, thorough } = machine
  const settings = createSettings(storage)
  const helpdesk = await openHelpdesk(config, storage, settings)
  const { entityTree, decodeText } = helpdesk
  await pass(INDEX, { storage, settings, entityTree, decodeText, thorough })
  await pass(RECORDS, { storage, settings, helpdesk })
}
