/** Notices and how many are unread. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getNotices, getUnread, readNotices } from '../server/rest'

const FRESH_EVERY = 10_000
const KEY = ['notices'] as const

export const useUnread = () => useQuery({ queryKey: [...KEY, 'unread'], queryFn: getUnread, refetchInterval: FRESH_EVERY })

export const useNotices = (of: { workspace?: string; endpoint?: string } = {}) => useQuery({ queryKey: [...KEY, of], queryFn: () => getNotices(of), refetchInterval: FRESH_EVERY })

/** Marks notices as read; without ids all of them. */
export function useRead() {
  const queries = useQueryClient()
  return useMutation({ mutationFn: (ids?: number[]) => readNotices(ids), onSettled: () => queries.invalidateQueries({ queryKey: KEY }) })
}
