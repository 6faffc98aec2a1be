/** Which theme a page gets: dark for the control room's screens, light for the office's, unless the person chose one. */
export type Theme = 'dark' | 'light';
export type ThemeChoice = 'auto' | Theme;

/** The person's choice wins over the page's own theme. */
export function chooseTheme(choice: ThemeChoice, pageTheme: Theme): Theme {
  return choice === 'auto' ? pageTheme : choice;
}
