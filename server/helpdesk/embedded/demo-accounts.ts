import { AppError } from '../../domain/errors.ts'
import type { Caller } from '../helpdesk.ts'

/** Whether a request was made on this machine, and by no proxy's hand. */
export function isFromThisMachine({ address, forwarded }: Caller): boolean {
  return !forwarded && (address === '::1' || /^(::ffff:)?127\./.test(address))
}

/** May this account log in from there? Demo logins are known to the world, so they work on this machine only. */
export function refuseRemoteDemo(demoAccounts: ReadonlySet<number>, usersId: number, caller: Caller): void {
  if (demoAccounts.has(usersId) && !isFromThisMachine(caller)) throw new AppError('demo-login-remote')
}
