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
  /** A line needs two values: of the generator's figures a run of one second has one, beside ten of the kernel's. */
  const fewPoints = values => ({show: values.filter(v => v != null).length < 3});
  const powersOnly = (_, splits) => splits.map(v => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-6 ? v : null);

  /** What happened, as vertical lines: an action whole, a warning or a first error dashed. */
  function drawMarks(plot, u) {
    const marks = (data.marks || {})[plot.sync] || [];
    const context = u.ctx;
    context.save();
    context.lineWidth = devicePixelRatio * 1.5;
    marks.forEach((mark, i) => {
      const x = Math.round(u.valToPos(mark.second, 'x', true));
      if (!(x >= u.bbox.left && x <= u.bbox.left + u.bbox.width)) return;
      context.strokeStyle = context.fillStyle = css({action: '--s1', warning: '--careful', error: '--bad'}[mark.kind]);
      context.setLineDash(mark.kind === 'action' ? [] : [4 * devicePixelRatio, 3 * devicePixelRatio]);
      context.beginPath();
      context.moveTo(x, u.bbox.top);
      context.lineTo(x, u.bbox.top + u.bbox.height);
      context.stroke();
      context.font = 'bold ' + 10 * devicePixelRatio + 'px system-ui, sans-serif';
      context.fillText(i + 1, x + 3 * devicePixelRatio, u.bbox.top + (10 + i % 3 * 11) * devicePixelRatio);
    });
    context.restore();
  }

  function percentileOptions(plot) {
    const decades = [2, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
    const last = plot.x[plot.x.length - 1];
    return {
      scales: {x: {time: false, distr: 3, log: 10, range: () => [1, Math.max(last, 10)]}, y: {distr: 3, log: 10}},
      axes: [
        axis(percentile, {size: 32, space: 30, splits: () => decades.filter(v => v <= last * 1.001), filter: (_, s) => s}),
        axis(micros, {filter: powersOnly}),
      ],
      series: [{label: 'percentile', value: (_, v) => percentile(v)}].concat(plot.series.map((s, i) => ({
        label: s.name, stroke: colour(i), width: 2, points: fewPoints(s.y), value: (_, v) => micros(v),
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
      hooks: {draw: [u => drawMarks(plot, u)]},
      series: [{label: byRound ? 'round' : 'second', value: (_, v) => v == null ? '–' : v.toFixed(byRound ? 0 : 1)}].concat(plot.series.map((s, i) => ({
        label: s.name, stroke: colour(s.colour ?? i), width: s.dashed ? 1.5 : 2, dash: s.dashed ? [5, 4] : undefined, spanGaps: true,
        points: fewPoints(s.y), value: (_, v) => format(v),
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
      points: {...fewPoints(raw[i]), fill: colour(names.length - 1 - i)}, value: (_, v, _s, at) => at == null ? '–' : count(raw[i][at]),
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

  /** Arrow keys move the cursor from value to value; the legend shows them. */
  function step(u, event) {
    const by = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!by) return;
    event.preventDefault();
    const last = u.data[0].length - 1;
    const at = u.cursor.idx == null ? (by > 0 ? 0 : last) : Math.min(last, Math.max(0, u.cursor.idx + by));
    u.setCursor({left: u.valToPos(u.data[0][at], 'x'), top: u.over.clientHeight / 2});
  }

  const drawn = [];
  let printing = false;
  function draw() {
    drawn.splice(0).forEach(plot => plot.destroy());
    for (const place of document.querySelectorAll('.plot')) {
      const plot = data.plots[place.dataset.plot];
      const kinds = {percentile: percentileOptions, line: lineOptions, stacked: stackedOptions};
      const options = kinds[plot.kind](plot);
      const inGrid = place.closest('.grid') !== null;
      options.width = printing ? (inGrid ? 315 : 660) : place.clientWidth;
      options.height = inGrid ? (printing ? 170 : 250) : printing ? 150 : 190;
      options.legend = {live: true};
      const columns = plot.kind === 'stacked' ? stackedColumns(plot) : [plot.x].concat(plot.series.map(s => s.y));
      const made = new uPlot(options, columns, place);
      place.onkeydown = event => step(made, event);
      drawn.push(made);
    }
  }
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  /** Paper is light and as wide as A4, and has everything that is folded in. */
  function print(on) {
    printing = on;
    document.documentElement.classList.toggle('paper', on);
    document.querySelectorAll('details').forEach(d => {
      if (on) d.dataset.wasOpen = d.open;
      d.open = on ? !d.matches('.ticket, footer details') : d.dataset.wasOpen === 'true';
    });
    draw();
  }
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));
  document.querySelectorAll('.copy').forEach(button => {
    const text = button.nextElementSibling;
    button.hidden = false;
    button.onclick = () => {
      getSelection().selectAllChildren(text);
      button.textContent = document.execCommand('copy') ? 'Copied' : 'Press Ctrl-C';
    };
  });
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
