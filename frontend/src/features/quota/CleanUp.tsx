import { Button, Group, Loader, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { cleanedWords, type Cleaned } from '../../core/team/quota'
import { bytes } from '../../core/base/numbers'
import { asApiError, cleanStore } from '../../server/rest'
import { Failure } from '../../ui/Failure'

/** First a preview of what would be removed, then the removal. */
export function CleanUp({ workspace, onClose }: { workspace: string; onClose: () => void }) {
  const queries = useQueryClient()
  const plan = useQuery({ queryKey: ['clean', workspace], queryFn: () => cleanStore(workspace, true), gcTime: 0 })
  const clean = useMutation({
    mutationFn: () => cleanStore(workspace, false),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ['store', workspace] }), queries.invalidateQueries({ queryKey: ['runs'] })]),
  })
  const error = plan.error ?? clean.error
  return (
    <Modal opened onClose={onClose} title="Clean up storage" centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        {error && <Failure error={asApiError(error)} />}
        {clean.data ? <Text size="sm" role="status">Done: {bytes(clean.data.bytes)} freed.</Text>
          : plan.data ? <Plan cleaned={plan.data} /> : !error && <Group gap="xs" role="status"><Loader size="xs" /><Text size="sm">Scanning storage…</Text></Group>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>{clean.data ? 'Close' : 'Cancel'}</Button>
          {!clean.data && <Button onClick={() => clean.mutate()} loading={clean.isPending} disabled={!plan.data || cleanedWords(plan.data).length === 0}>Clean up</Button>}
        </Group>
      </Stack>
    </Modal>
  )
}

function Plan({ cleaned }: { cleaned: Cleaned }) {
  const words = cleanedWords(cleaned)
  if (words.length === 0) return <Text size="sm">Nothing to delete. To free space, set a run retention or delete datasets.</Text>
  return (
    <div>
      <Text size="sm">These items will be deleted. Re-run the pipeline to recreate them.</Text>
      {words.map((line) => <Text key={line} size="sm" mt={4}>{line}</Text>)}
      <Text size="sm" c="dimmed" mt="xs">Datasets and the latest run of each pipeline are kept.</Text>
    </div>
  )
}
