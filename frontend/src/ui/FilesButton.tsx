import { FileButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { ACCEPTED_ENDINGS } from '../core/data/datasets'

interface Props {
  multiple: boolean
  onFiles: (files: File[]) => void
  children: (props: { onClick: () => void }) => ReactNode
}

/** A button that opens a file picker for one file or several. */
export function FilesButton({ multiple, onFiles, children }: Props) {
  const accept = ACCEPTED_ENDINGS.join(',')
  if (multiple) return <FileButton multiple accept={accept} onChange={onFiles}>{children}</FileButton>
  return <FileButton accept={accept} onChange={(file) => file && onFiles([file])}>{children}</FileButton>
}
