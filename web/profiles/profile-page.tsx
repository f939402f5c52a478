export function ProfilePage({ id }: { id: number }) {
  return <p>{id}</p>
}
