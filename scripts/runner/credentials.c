#include "credentials.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Capabilities beyond the 64 that two words hold would need another version of the call (capset(2)). */
typedef struct __user_cap_data_struct capability_sets[_LINUX_CAPABILITY_U32S_3];

static struct __user_cap_header_struct own_header(void) {
  return (struct __user_cap_header_struct){.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
}

/*
 * Needs CAP_SETPCAP, which AiKore does without in its container. The set that stays then gives nothing: what it bounds
 * are the capabilities of files and of user 0, and no_new_privs takes those away.
 */
static void drop_bounding_set(void) {
  for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
}

static int change_user(const struct credentials *wanted) {
  if (setgroups(wanted->group_count, wanted->groups) < 0) return -1;
  if (setresgid(wanted->gid, wanted->gid, wanted->gid) < 0) return -1;
  return setresuid(wanted->uid, wanted->uid, wanted->uid);
}

/* A change from one ordinary user to another keeps every set (capabilities(7)), so they are emptied by hand. */
static int drop_capabilities(void) {
  struct __user_cap_header_struct header = own_header();
  capability_sets none;
  memset(none, 0, sizeof none);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -1;
  /* Refused by kernels before 4.3 alone, which have no such set. An empty permitted set empties it anyway. */
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  return (int)syscall(SYS_capset, &header, none);
}

static bool is_bare(void) {
  struct __user_cap_header_struct header = own_header();
  capability_sets sets, none;
  memset(none, 0, sizeof none);
  memset(sets, 0xff, sizeof sets);
  return syscall(SYS_capget, &header, sets) == 0 && memcmp(sets, none, sizeof none) == 0 &&
         prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

static bool is_user(const struct credentials *wanted) {
  uid_t real_user, effective_user, saved_user;
  gid_t real_group, effective_group, saved_group;
  if (getresuid(&real_user, &effective_user, &saved_user) < 0) return false;
  if (getresgid(&real_group, &effective_group, &saved_group) < 0) return false;
  return real_user == wanted->uid && effective_user == wanted->uid && saved_user == wanted->uid &&
         real_group == wanted->gid && effective_group == wanted->gid && saved_group == wanted->gid &&
         getgroups(0, NULL) == (int)wanted->group_count;
}

int credentials_take(const struct credentials *wanted, struct sentence *error) {
  if (wanted->kind == CREDENTIALS_KEPT) return 0;
  bool is_another = wanted->kind == CREDENTIALS_ANOTHER;
  /* Before the rest: it takes what the change of the user may take away. */
  drop_bounding_set();
  if (is_another && change_user(wanted) < 0)
    return sentence_set(error, "cannot become user %u: %s", (unsigned)wanted->uid, strerror(errno));
  if (drop_capabilities() < 0) return sentence_set(error, "cannot give up privileges: %s", strerror(errno));
  if (!is_bare() || (is_another && !is_user(wanted)))
    return sentence_set(error, "the kernel left privileges that were given up");
  return 0;
}
