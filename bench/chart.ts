/** The picture for the report: how many times as long as Meridian everybody took. */
import { BarChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Race } from './findings.ts';
import { whole } from './markdown.ts';

use([BarChart, GridComponent, TitleComponent, SVGRenderer]);

const WIDTH = 800;
const BAR_HEIGHT = 44;
const COLORS = { meridian: '#2563eb', validating: '#64748b', unchecked: '#cbd5e1' };

/** @returns an SVG image; undefined when Meridian did not take part, so that there is nothing to compare with */
export function chart({ records, lines }: Race): string | undefined {
  const bars = lines.filter((line) => line.ratio !== undefined);
  if (bars.length === 0) {
    return undefined;
  }
  const picture = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH,
    height: 110 + bars.length * BAR_HEIGHT,
  });
  picture.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: {
      text: 'Time to load three files, relative to Meridian (less is better)',
      subtext: `${whole(records)} records in each file. Light bars: no record is checked.`,
    },
    grid: { left: 200, right: 60, top: 70, bottom: 30 },
    xAxis: { type: 'value', min: 0 },
    yAxis: { type: 'category', inverse: true, data: bars.map(({ title }) => title), axisTick: { show: false } },
    series: [
      {
        type: 'bar',
        barWidth: '60%',
        silent: true,
        label: {
          show: true,
          position: 'right',
          formatter: ({ value }: { value: unknown }) => Number(value).toFixed(2),
        },
        data: bars.map((line) => ({
          value: Number(line.ratio?.toFixed(2)),
          itemStyle: { color: colorOf(line) },
        })),
      },
    ],
  });
  const svg = picture.renderToSVGString();
  picture.dispose();
  return svg;
}

function colorOf({ name, validates }: Race['lines'][number]): string {
  if (name === 'meridian') {
    return COLORS.meridian;
  }
  return validates ? COLORS.validating : COLORS.unchecked;
}
