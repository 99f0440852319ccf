import { Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { usedWords } from '../../core/team/quota'
import { getStore } from '../../server/rest'
import { Box } from '../../ui/Box'
import classes from './Recent.module.css'

/** How full the store of the workspace is; nothing where it has no limit. */
export function Storage({ workspace }: { workspace: string }) {
  const { data: store } = useQuery({ queryKey: ['store', workspace], queryFn: () => getStore(workspace) })
  if (!store?.quota) return null
  const full = store.used >= store.quota
  return (
    <Box>
      <div className={classes.storage}>
        <div><span>Storage</span><span>{usedWords(store.used, store.quota)}</span></div>
        <Progress size={4} value={(100 * store.used) / store.quota} color={full ? 'red' : undefined} aria-label="Storage used" />
      </div>
    </Box>
  )
}
