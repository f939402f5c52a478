import { type Kysely, sql } from 'kysely'
import { DEFAULT_PAGE, type Page, type PageQuery } from '../../contract/paging.ts'
import type { Profile } from '../../contract/profiles.ts'
import { idBehind, pageById } from '../domain/cursor.ts'
import { AppError } from '../domain/errors.ts'
import { rightsOf, type StoredRights } from '../domain/profile-rights.ts'
import { RIGHT_NAMES } from '../domain/rights.ts'
import { versionTag } from '../domain/version-tag.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import type { Helpdesk } from './helpdesk.ts'

interface ProfileRow {
  id: number
  name: string | null
  interface: string | null
  config: number | null
  access: number | null
}

/** Profiles with the two rights of ours, the same on any host. */
export function selectProfiles(db: Kysely<Tables>) {
  return db
    .selectFrom('glpi_profiles as profile')
    .leftJoin('glpi_profilerights as config', (join) =>
      join.onRef('config.profiles_id', '=', 'profile.id').on('config.name', '=', sql.lit(RIGHT_NAMES.config)),
    )
    .leftJoin('glpi_profilerights as access', (join) =>
      join.onRef('access.profiles_id', '=', 'profile.id').on('access.name', '=', sql.lit(RIGHT_NAMES.access)),
    )
    .select([
      'profile.id',
      'profile.name',
      'profile.interface',
      'config.rights as config',
      'access.rights as access',
    ])
    .orderBy('profile.id')
}

export function storedRights(row: Pick<ProfileRow, 'config' | 'access'>): StoredRights {
  return { config: row.config ?? 0, access: row.access ?? 0 }
}

/** Names the state of a profile's rights. */
export function rightsTag(stored: StoredRights): string {
  return versionTag([stored.config, stored.access])
}

/** Why rights of ours cannot be given to a profile; null when they can. */
export function whyNotEditable(row: Pick<ProfileRow, 'interface'>): string | null {
  return row.interface === 'central'
    ? null
    : 'profiles of the simplified interface lose every right of a plugin in ITSM-NG'
}

/** Reads profiles as the API shows them. */
export function createProfileReads(storage: Storage, decodeText: Helpdesk['decodeText']) {
  function toProfile(row: ProfileRow): Profile {
    const reason = whyNotEditable(row)
    return {
      id: row.id,
      name: decodeText(row.name ?? ''),
      interface: row.interface ?? '',
      rights: rightsOf(storedRights(row)),
      editable: reason === null,
      reason: reason ?? '',
    }
  }

  return {
    /** A page of all profiles. */
    async list({ limit = DEFAULT_PAGE, cursor }: PageQuery): Promise<Page<Profile>> {
      const rows = await selectProfiles(storage.db)
        .where('profile.id', '>', idBehind(cursor) ?? 0)
        .limit(sql.lit(limit + 1))
        .execute()
      const page = pageById(rows, limit)
      return { ...page, items: page.items.map(toProfile) }
    },

    /** A profile and the tag that names the state of its rights. Throws `profile-unknown`. */
    async read(id: number): Promise<{ profile: Profile; tag: string }> {
      const row = await selectProfiles(storage.db).where('profile.id', '=', id).executeTakeFirst()
      if (row === undefined) throw new AppError('profile-unknown')
      return { profile: toProfile(row), tag: rightsTag(storedRights(row)) }
    },
  }
}
