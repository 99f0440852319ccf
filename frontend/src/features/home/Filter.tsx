import { NativeSelect, TextInput } from '@mantine/core'
import { IconArrowsSort, IconSearch } from '@tabler/icons-react'
import { ORDERS, type Order } from '../../core/pipelines/pipelines'
import classes from './Home.module.css'

interface Props {
  search: string
  order: Order
  onSearch: (search: string) => void
  onOrder: (order: Order) => void
}

/** Which pipelines are shown, and in which order. */
export function Filter({ search, order, onSearch, onOrder }: Props) {
  return (
    <>
      <TextInput
        className={classes.search} type="search" aria-label="Filter pipelines" placeholder="Filter by name" leftSection={<IconSearch size={14} />}
        value={search} onChange={(event) => onSearch(event.currentTarget.value)}
      />
      <NativeSelect
        miw={150} aria-label="Sort pipelines" leftSection={<IconArrowsSort size={14} />} data={ORDERS}
        value={order} onChange={(event) => onOrder(event.currentTarget.value as Order)}
      />
    </>
  )
}
