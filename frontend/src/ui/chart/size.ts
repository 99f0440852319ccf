export const CHART_HEIGHT = 300
