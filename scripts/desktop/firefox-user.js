// Preferences of the browser that shows an application on its desktop: no page but the application's, no questions.
user_pref('app.normandy.enabled', false);
user_pref('app.update.enabled', false);
user_pref('browser.aboutwelcome.enabled', false);
user_pref('browser.sessionstore.resume_from_crash', false);
user_pref('browser.shell.checkDefaultBrowser', false);
user_pref('browser.startup.homepage_override.mstone', 'ignore');
user_pref('browser.tabs.warnOnClose', false);
user_pref('browser.warnOnQuit', false);
user_pref('datareporting.healthreport.uploadEnabled', false);
user_pref('datareporting.policy.dataSubmissionEnabled', false);
user_pref('toolkit.startup.max_resumed_crashes', -1);
user_pref('toolkit.telemetry.reportingpolicy.firstRun', false);
user_pref('trailhead.firstrun.didSeeAboutWelcome', true);
