// Runs in the page from its first byte: notes when the first question can be used, long tasks and layout shifts.
(() => {
  const notes = (self.candourBench = { usable: null, tasks: [], shift: 0 });
  const watch = (type, look) => new PerformanceObserver((list) => list.getEntries().forEach(look)).observe({ type, buffered: true });
  watch('longtask', (task) => notes.tasks.push([task.startTime, task.duration]));
  watch('layout-shift', (shift) => { if (!shift.hadRecentInput) notes.shift += shift.value; });
  // Ours, the floor page's, and whatever a peer puts into its place.
  const FIELDS = '.question input, .q input, fieldset .o input, #form :is(input, select, textarea):not([type=hidden])';
  const shown = (element) => { const box = element.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
  const usable = (field) => !field.disabled && (shown(field) || (field.labels?.[0] && shown(field.labels[0])));
  const look = () => {
    if ([...document.querySelectorAll(FIELDS)].some(usable)) notes.usable = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
