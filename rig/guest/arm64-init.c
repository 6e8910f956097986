// SPDX-License-Identifier: GPL-2.0
/*
 * init of the arm64 guest: wait until N ranges of dax memory are System RAM, show
 * /proc/iomem, and power off
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <unistd.h>

#define SECONDS	30

/* How many ranges there are; to show them is another matter */
static int kmem_ranges(int show)
{
	char line[256];
	int n = 0;
	FILE *iomem = fopen("/proc/iomem", "r");

	while (iomem && fgets(line, sizeof(line), iomem)) {
		n += !!strstr(line, "System RAM (kmem)");
		if (show)
			printf("iomem: %s", line);
	}
	if (iomem)
		fclose(iomem);
	return n;
}

int main(int argc, char **argv)
{
	int wanted = argc > 1 ? atoi(argv[1]) : 0;

	mount("proc", "/proc", "proc", 0, NULL);
	for (int i = 0; i < 10 * SECONDS && kmem_ranges(0) < wanted; i++)
		usleep(100000);
	klogctl(8, NULL, 1); /* the kernel does not speak in between */
	kmem_ranges(1);
	fflush(stdout);
	return reboot(RB_POWER_OFF);
}
