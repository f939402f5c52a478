export function UserTab({ userId }: { userId: number }) {
  return <p>{userId}</p>
}
