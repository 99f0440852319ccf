import { useMediaQuery } from '@mantine/hooks'

/** Whether the page is a phone's, or zoomed in that far; right in the first frame. */
export const useNarrow = (): boolean => useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false })
