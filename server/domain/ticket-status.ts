/** The host's statuses of tickets by number (host-contract §1.4); an administrator may add more above them. */
export const STATUS = { new: 1, assigned: 2, planned: 3, pending: 4, solved: 5, closed: 6 } as const

type StatusName = keyof typeof STATUS | 'other'

const NAMES = new Map<number, StatusName>(
  Object.entries(STATUS).map(([name, number]) => [number, name as keyof typeof STATUS]),
)

/** `other` is a status that an administrator has added. */
export function statusName(status: number): StatusName {
  return NAMES.get(status) ?? 'other'
}

/** Whether there is something left to do, which is what an added status means as well. */
export function isOpen(status: number): boolean {
  return status !== STATUS.solved && status !== STATUS.closed
}
