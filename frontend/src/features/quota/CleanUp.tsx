import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { cleanedWords, type Cleaned } from '../../core/team/quota'
import { bytes } from '../../core/base/numbers'
import { asApiError, cleanStore } from '../../server/rest'
import { Dialog } from '../../ui/Dialog'

/** First a preview of what would be removed, then the removal. */
export function CleanUp({ workspace, onClose }: { workspace: string; onClose: () => void }) {
  const queries = useQueryClient()
  const plan = useQuery({ queryKey: ['clean', workspace], queryFn: () => cleanStore(workspace, true), gcTime: 0 })
  const clean = useMutation({
    mutationFn: () => cleanStore(workspace, false),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ['store', workspace] }), queries.invalidateQueries({ queryKey: ['runs'] })]),
  })
  const error = plan.error ?? clean.error
  const buttons = (
    <>
      <Button variant="default" onClick={onClose} data-autofocus>{clean.data ? 'Close' : 'Cancel'}</Button>
      {!clean.data && <Button data-once onClick={() => clean.mutate()} loading={clean.isPending} disabled={!plan.data || cleanedWords(plan.data).length === 0}>Clean up</Button>}
    </>
  )
  return (
    <Dialog onClose={onClose} title="Clean up storage?" error={error && asApiError(error)} buttons={buttons}>
      {clean.data ? <Text size="sm" role="status">{bytes(clean.data.bytes)} freed.</Text>
        : plan.data ? <Plan cleaned={plan.data} /> : !error && <Stack gap="xs" role="status" aria-label="Finding what can be deleted"><Skeleton h={20} /><Skeleton h={20} w="70%" /></Stack>}
    </Dialog>
  )
}

function Plan({ cleaned }: { cleaned: Cleaned }) {
  const words = cleanedWords(cleaned)
  if (words.length === 0) return <Text size="sm">Nothing to delete. To free space, set a run retention or delete datasets.</Text>
  return (
    <div>
      <Text size="sm">These will be deleted. Run the pipeline again to get them back.</Text>
      {words.map((line) => <Text key={line} size="sm" mt={4}>{line}</Text>)}
      <Text size="sm" c="dimmed" mt="xs">Datasets and the latest run of each pipeline are kept.</Text>
    </div>
  )
}
