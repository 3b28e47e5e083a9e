// Runs before the first paint, so that a remembered theme does not flash the other one.
try {
  const theme = localStorage.getItem('aikore.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
} catch {
  // Without storage the system's theme it is.
}
export {};
