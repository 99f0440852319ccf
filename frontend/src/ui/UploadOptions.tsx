import { Button, NativeSelect, Switch, TextInput } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import type { Reading } from '../core/data/datasets'
import { Dialog } from './Dialog'
import { FilesButton } from './FilesButton'

interface Props {
  title: string
  multiple: boolean
  /** The initial choice. */
  usual: Reading
  onFiles: (files: File[], reading: Reading) => void
  onClose: () => void
}

const ORDERS = [
  { value: 'auto', label: 'Detect; keep as text if ambiguous' },
  { value: 'day_first', label: 'Day first' },
  { value: 'month_first', label: 'Month first' },
]

/** The parsing options for files that are about to be chosen. */
export function UploadOptions({ title, multiple, usual, onFiles, onClose }: Props) {
  const [reading, setReading] = useState(usual)
  const change = (changes: Partial<Reading>) => setReading({ ...reading, ...changes })
  const choose = (files: File[]) => {
    onFiles(files, reading)
    onClose()
  }
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <FilesButton multiple={multiple} onFiles={choose}>
        {(props) => <Button leftSection={<IconUpload size={16} />} {...props}>{multiple ? 'Select files' : 'Select a file'}</Button>}
      </FilesButton>
    </>
  )
  return (
    <Dialog onClose={onClose} title={title} buttons={buttons}>
      <div>For CSV, TSV, JSON and Excel files. Parquet and Arrow files already record what is missing and what is a date.</div>
      <TextInput
        label="Missing values" description="Values to read as missing, separated by commas. Empty cells are always missing." data-autofocus
        value={reading.missingWords} onChange={(event) => change({ missingWords: event.currentTarget.value })}
      />
      <Switch
        label="Also in text columns" description="If off, they apply only to columns whose other values are all numbers, dates or Booleans."
        checked={reading.missingInText} onChange={(event) => change({ missingInText: event.currentTarget.checked })}
      />
      <NativeSelect
        label="Order in dates such as 03/04/2024" description="All values of a column are read in the same order." data={ORDERS}
        value={reading.dates} onChange={(event) => change({ dates: event.currentTarget.value as Reading['dates'] })}
      />
    </Dialog>
  )
}
