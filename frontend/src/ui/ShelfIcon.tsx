/** The icon of a shelf; a shelf without an icon gets a box. */
import {
  IconAbc, IconAffiliate, IconAlertTriangle, IconBinaryTree, IconBox, IconChartBar, IconChartDots3, IconChartHistogram, IconChartLine, IconChecks, IconCode,
  IconDatabase, IconFilter, IconMath, IconPhoto, IconSchool, IconShoppingCart, IconTargetArrow, IconTimeline, IconTransform, IconWand, type Icon,
} from '@tabler/icons-react'

const icons: Record<string, Icon> = {
  data: IconDatabase,
  transform: IconTransform,
  preparation: IconFilter,
  cleaning: IconWand,
  features: IconMath,
  feature_selection: IconFilter,
  statistics: IconChartHistogram,
  regression: IconChartLine,
  classification: IconBinaryTree,
  clustering: IconChartDots3,
  anomaly: IconAlertTriangle,
  recommendation: IconShoppingCart,
  text: IconAbc,
  images: IconPhoto,
  vision: IconPhoto,
  training: IconSchool,
  scoring: IconTargetArrow,
  evaluation: IconChecks,
  charts: IconChartBar,
  script: IconCode,
  code: IconCode,
  time_series: IconTimeline,
  models: IconAffiliate,
}

export function ShelfIcon({ shelf, size = 16 }: { shelf: string; size?: number }) {
  const Drawn = icons[shelf] ?? IconBox
  return <Drawn size={size} stroke={1.6} aria-hidden style={{ flex: 'none' }} />
}

/** Equal lightness for every shelf, so that none dominates. */
export const shelfColour = (hue: number) => `light-dark(oklch(0.58 0.12 ${hue}), oklch(0.72 0.11 ${hue}))`
