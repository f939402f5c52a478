import { RIGHT_NAMES } from '../../domain/rights.ts'

/** Our rights and what a profile gets that may change the host's own settings. */
const OURS = [
  { name: RIGHT_NAMES.config, rights: 2 },
  { name: RIGHT_NAMES.access, rights: 3 },
] as const

/**
 * The SQL that gives every profile of a host its rows of our two rights: 0, or everything where the profile may change the
 * host's settings (`config`, UPDATE). Rows that stand keep what they say, unless by them nobody at all had the right, as the
 * predecessor leaves it. An administrator runs it: by SQL we write no table of the host's but its history.
 */
export function rightsStatements(): string[] {
  return OURS.flatMap(({ name, rights }) => [
    `insert into glpi_profilerights (profiles_id, name, rights)
  select profile.id, '${name}', case when host.rights & 2 = 2 then ${rights} else 0 end
  from glpi_profiles as profile
  left join glpi_profilerights as host on host.profiles_id = profile.id and host.name = 'config'
  where not exists (select 1 from glpi_profilerights as ours where ours.profiles_id = profile.id and ours.name = '${name}')`,
    `update glpi_profilerights as ours
  join glpi_profilerights as host
    on host.profiles_id = ours.profiles_id and host.name = 'config' and host.rights & 2 = 2
  join (select max(rights) as most from glpi_profilerights where name = '${name}') as held on held.most = 0
  set ours.rights = ${rights}
  where ours.name = '${name}'`,
  ])
}
