import { CloseButton, Group, Progress, Stack, Text } from '@mantine/core'
import { percent } from '../../core/base/numbers'
import { dismiss, useUploads, type Upload } from '../../state/uploads'
import { Failure } from '../../ui/Failure'

/** Uploads in progress and failed ones: new versions of one dataset, or new datasets. */
export function Uploads({ dataset }: { dataset: string | null }) {
  const all = useUploads((state) => state.uploads)
  const uploads = all.filter((upload) => upload.dataset === dataset)
  if (uploads.length === 0) return null
  return <Stack gap="xs" mb="md">{uploads.map((upload) => <Row key={upload.id} upload={upload} />)}</Stack>
}

function Row({ upload }: { upload: Upload }) {
  if (upload.error) {
    const { words, remedy } = upload.error
    return (
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <div style={{ flex: 1 }}><Failure error={{ words: `${upload.file}: ${words}`, remedy }} /></div>
        <CloseButton aria-label={`Dismiss ${upload.file}`} onClick={() => dismiss(upload.id)} />
      </Group>
    )
  }
  return (
    <Group gap="sm" wrap="nowrap">
      <Text size="sm" truncate w={240}>{upload.file}</Text>
      <Progress value={upload.share * 100} animated={upload.share === 1} flex={1} aria-label={`Upload of ${upload.file}`} />
      <Text size="sm" c="dimmed" w={120} ta="right" className="figures">{upload.share < 1 ? percent(upload.share) : 'Reading file'}</Text>
      <CloseButton size="sm" aria-label={`Cancel upload of ${upload.file}`} onClick={upload.stop} />
    </Group>
  )
}
