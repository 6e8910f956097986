// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 in the guest. The root file system knows nothing of kernels and scenarios: those
 * come on a second disk, made for each run.
 *
 * In C, since a dozen programs that each mount one file system take seconds under TCG.
 */
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

static const struct {
	const char *type;	/* none: what is there already */
	const char *from;
	const char *to;
	unsigned long flags;
} mounts[] = {
	{ "proc", "proc", "/proc" },
	{ "sysfs", "sysfs", "/sys" },
	{ "debugfs", "debugfs", "/sys/kernel/debug" },
	{ "tracefs", "tracefs", "/sys/kernel/tracing" },
	{ "tmpfs", "tmpfs", "/tmp" },
	{ "tmpfs", "tmpfs", "/run" },
	{ "tmpfs", "tmpfs", "/var/tmp" },
	{ "squashfs", "/dev/vdb", "/mnt", MS_RDONLY },
	{ NULL, "/mnt/lib/modules", "/lib/modules", MS_BIND },
};

int main(void)
{
	char *const stage[] = { "/bin/bash", "/mnt/rig/stage", NULL };
	char *const environment[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=/", "TERM=linux", NULL
	};
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(*mounts); i++)
		if (mount(mounts[i].from, mounts[i].to, mounts[i].type, mounts[i].flags, NULL))
			fprintf(stderr, "rig-init: %s is not mounted: %m\n", mounts[i].to);
	if (symlink("/proc/self/fd", "/dev/fd"))
		perror("rig-init: /dev/fd");
	execve(stage[0], stage, environment);
	perror("rig-init: /mnt/rig/stage");
	return 1;
}
