export function EntitiesPage() {
  return <p>EntitiesPage</p>
}
