import type { Storage } from '../storage/storage.ts'

/** Reads every right of a profile by name, as of now; a right that is not there is none. */
export function createProfileRights(storage: Storage) {
  const select = storage.prepare((db, params: { profilesId: number }) =>
    db
      .selectFrom('glpi_profilerights')
      .select(['name', 'rights'])
      .where('profiles_id', '=', params.profilesId),
  )
  return async (profilesId: number): Promise<ReadonlyMap<string, number>> => {
    const rows = await select({ profilesId })
    return new Map(rows.map(({ name, rights }) => [name ?? '', rights]))
  }
}

export type ProfileRights = ReturnType<typeof createProfileRights>
