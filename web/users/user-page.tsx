export function UserPage({ id }: { id: number }) {
  return <p>{id}</p>
}
