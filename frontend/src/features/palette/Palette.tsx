/** The palette: modules by shelf, and data. */
import { SegmentedControl, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useView } from '../../state/view'
import { UploadButton } from '../../ui/UploadButton'
import { DataList } from './DataList'
import { ModuleList } from './ModuleList'
import classes from './Palette.module.css'

type Tab = 'modules' | 'data'

export function Palette() {
  const [tab, setTab] = useState<Tab>('modules')
  const [query, setQuery] = useState('')
  return (
    <section className={`${classes.palette} dense`} aria-label="Modules and data">
      <div className={classes.head}>
        <SegmentedControl size="xs" fullWidth value={tab} onChange={(value) => setTab(value as Tab)} data={[{ value: 'modules', label: 'Modules' }, { value: 'data', label: 'Data' }]} />
        <TextInput
          size="xs" type="search" value={query} onChange={(event) => setQuery(event.currentTarget.value)} leftSection={<IconSearch size={14} aria-hidden />}
          placeholder={tab === 'modules' ? 'Search modules' : 'Search data'} aria-label={tab === 'modules' ? 'Search modules' : 'Search data'}
        />
        {tab === 'data' && <UploadButton label="Upload data" variant="default" multiple onFiles={(files, reading) => useView.getState().canvas?.upload(files, undefined, reading)} />}
      </div>
      <div className={classes.body}>
        {tab === 'modules' ? <ModuleList query={query} /> : <DataList query={query} />}
      </div>
    </section>
  )
}
