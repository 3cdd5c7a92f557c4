'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = i => css('--s' + (i % 8 + 1));
  const three = v => v >= 100 ? v.toFixed(0) : v >= 10 ? v.toFixed(1) : v.toFixed(2);
  const short = v => String(+three(v));

  function micros(v) {
    if (v == null) return '–';
    if (v >= 1e6) return short(v / 1e6) + ' s';
    if (v >= 1e3) return short(v / 1e3) + ' ms';
    return v >= 1 || v === 0 ? short(v) + ' µs' : short(v * 1e3) + ' ns';
  }
  function count(v) {
    if (v == null) return '–';
    return v >= 100 || Number.isInteger(v) ? Math.round(v).toLocaleString('en-US') : short(v);
  }
  function axisCount(v) {
    if (v >= 1e6) return +(v / 1e6).toPrecision(3) + 'M';
    return v >= 1e4 ? +(v / 1e3).toPrecision(3) + 'k' : String(v);
  }
  /** x is 1 / (1 − percentile): 2 is the median, 1000 is p99.9. */
  function percentile(x) {
    if (x == null) return '–';
    const digits = Math.max(0, Math.ceil(Math.log10(x)) - 2);
    return 'p' + +((1 - 1 / x) * 100).toFixed(digits + 1);
  }

  function axis(format, more) {
    return Object.assign({
      stroke: css('--soft'), font: '11px system-ui, sans-serif', size: 58,
      grid: {stroke: css('--grid'), width: 1}, ticks: {stroke: css('--grid'), width: 1, size: 4},
      values: (_, splits) => splits.map(v => v == null ? '' : format(v)),
    }, more);
  }
  const powersOnly = (_, splits) => splits.map(v => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-6 ? v : null);

  function percentileOptions(plot) {
    const decades = [1, 2, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
    const last = plot.x[plot.x.length - 1];
    return {
      scales: {x: {time: false, distr: 3, log: 10, range: () => [1, Math.max(last, 10)]}, y: {distr: 3, log: 10}},
      axes: [
        axis(percentile, {size: 32, space: 30, splits: () => decades.filter(v => v <= last * 1.001), filter: (_, s) => s}),
        axis(micros, {filter: powersOnly}),
      ],
      series: [{label: 'percentile', value: (_, v) => percentile(v)}].concat(plot.series.map((s, i) => ({
        label: s.name, stroke: colour(i), width: 2, points: {show: false}, value: (_, v) => micros(v),
      }))),
    };
  }

  function lineOptions(plot) {
    const byRound = plot.sync === 'rounds';
    const format = plot.unit === 'micros' ? micros : count;
    const y = plot.unit === 'micros' ? {distr: 3, log: 10}
      : {range: (_, low, high) => [0, high == null || high <= 0 ? 1 : high * 1.08]};
    const yAxis = plot.unit === 'micros' ? axis(micros, {filter: powersOnly}) : axis(axisCount);
    return {
      scales: {x: {time: false}, y},
      axes: [byRound ? axis(v => v % 1 ? '' : v + '', {size: 32, label: 'round', labelSize: 16}) : axis(v => +v.toFixed(3) + ' s', {size: 32}), yAxis],
      cursor: {sync: {key: plot.sync}},
      series: [{label: byRound ? 'round' : 'second', value: (_, v) => v == null ? '–' : v.toFixed(byRound ? 0 : 1)}].concat(plot.series.map((s, i) => ({
        label: s.name, stroke: colour(s.colour ?? i), width: s.dashed ? 1.5 : 2, dash: s.dashed ? [5, 4] : undefined, spanGaps: true,
        points: {show: plot.x.length < 3}, value: (_, v) => format(v),
      }))),
    };
  }

  /** Each series is drawn as the sum of itself and those before it; the greatest sum first, so that the others lie above it. */
  function stackedOptions(plot) {
    const options = lineOptions(plot);
    const raw = plot.series.map(s => s.y).reverse();
    const names = plot.series.map(s => s.name).reverse();
    options.series = [options.series[0]].concat(names.map((name, i) => ({
      label: name, stroke: css('--card'), width: 1, fill: colour(names.length - 1 - i), spanGaps: true,
      points: {show: false}, value: (_, v, _s, at) => at == null ? '–' : count(raw[i][at]),
    })));
    return options;
  }
  function stackedColumns(plot) {
    const sums = [];
    let below = plot.x.map(() => 0);
    for (const s of plot.series) {
      below = s.y.map((v, i) => v == null ? null : v + (below[i] ?? 0));
      sums.unshift(below);
    }
    return [plot.x].concat(sums);
  }

  const drawn = [];
  function draw() {
    drawn.splice(0).forEach(plot => plot.destroy());
    for (const place of document.querySelectorAll('.plot')) {
      const plot = data.plots[place.dataset.plot];
      const kinds = {percentile: percentileOptions, line: lineOptions, stacked: stackedOptions};
      const options = kinds[plot.kind](plot);
      options.width = place.clientWidth;
      options.height = 250;
      options.legend = {live: true};
      const columns = plot.kind === 'stacked' ? stackedColumns(plot) : [plot.x].concat(plot.series.map(s => s.y));
      drawn.push(new uPlot(options, columns, place));
    }
  }
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  let waiting = 0;
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth !== width) {
      width = innerWidth;
      clearTimeout(waiting);
      waiting = setTimeout(draw, 150);
    }
  });
  document.querySelectorAll('details').forEach(d => d.addEventListener('toggle', () => { if (d.querySelector('.plot')) draw(); }));
})();
