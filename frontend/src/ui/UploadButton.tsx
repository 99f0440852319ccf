import { ActionIcon, Button, Group, Tooltip } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { DEFAULT_READING, type Reading } from '../core/data/datasets'
import { FilesButton } from './FilesButton'
import { UploadOptions } from './UploadOptions'

interface Props {
  label: string
  variant?: 'filled' | 'default'
  multiple?: boolean
  /** The default parsing rules. */
  usual?: Reading
  onFiles: (files: File[], reading?: Reading) => void
}

/** Chooses files and uploads them; beside it, the same with parsing options. */
export function UploadButton({ label, variant = 'filled', multiple = false, usual = DEFAULT_READING, onFiles }: Props) {
  const [asking, setAsking] = useState(false)
  return (
    <Group gap={4} wrap="nowrap">
      <FilesButton multiple={multiple} onFiles={onFiles}>
        {(props) => <Button flex={1} variant={variant} leftSection={<IconUpload size={16} />} {...props}>{label}</Button>}
      </FilesButton>
      <Tooltip label="Upload options">
        <ActionIcon size={32} variant="default" aria-label={`${label} with options`} onClick={() => setAsking(true)}>
          <IconAdjustmentsHorizontal size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      {asking && <UploadOptions title={`${label} with options`} multiple={multiple} usual={usual} onFiles={onFiles} onClose={() => setAsking(false)} />}
    </Group>
  )
}
