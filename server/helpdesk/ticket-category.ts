import type { Kysely } from 'kysely'
import type { EntityTree } from '../domain/entities.ts'
import { AppError } from '../domain/errors.ts'
import type { Tables } from '../storage/tables.ts'
import type { NewTicket } from './helpdesk.ts'

/**
 * Throws `value-refused` unless a ticket of this type in this entity may have the category: it belongs to the entity, or
 * to one above it and is recursive, and is meant for such tickets. 0 is no category.
 */
export async function demandCategoryFits(
  tx: Kysely<Tables>,
  tree: EntityTree,
  { categoryId, type, entityId }: Pick<NewTicket, 'categoryId' | 'type'> & { entityId: number },
): Promise<void> {
  if (categoryId === 0) return
  const category = await tx
    .selectFrom('glpi_itilcategories')
    .select(['entities_id', 'is_recursive', 'is_incident', 'is_request'])
    .where('id', '=', categoryId)
    .executeTakeFirst()
  const seen =
    category !== undefined &&
    (category.entities_id === entityId ||
      (category.is_recursive === 1 && tree.ancestors(entityId).includes(category.entities_id)))
  if (!seen) {
    const detail = 'there is no such category in the entity of the ticket'
    throw new AppError('value-refused', { field: 'categoryId', detail })
  }
  if ((type === 'incident' ? category.is_incident : category.is_request) === 1) return
  throw new AppError('value-refused', {
    field: 'categoryId',
    detail: `the category is not meant for tickets of type ${type}`,
  })
}
