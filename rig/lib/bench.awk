# SPDX-License-Identifier: GPL-2.0
#
# What bench has measured, as a table, and as a plot in the file that "svg" names.
# Lines are "KERNEL PAIR NAME VALUE", and in the second file "OBJECT TEXT DATA BSS".

function median(v, n,	i, j, t)
{
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j] < v[j - 1]; j--) {
			t = v[j]; v[j] = v[j - 1]; v[j - 1] = t
		}
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

# ratio of NAME, patched to stock, pair by pair; "limit" is what it may be
function ratio(name, what, limit,	i, n, v, mid)
{
	for (i in pairs)
		if ((("stock", i, name) in value) && value["stock", i, name])
			v[++n] = value["patched", i, name] / value["stock", i, name]
	if (!n)
		return
	mid = median(v, n)
	row(what, mid, v[1], v[n], limit)
}

function row(what, mid, low, high, limit)
{
	printf "%-52s %8.4f  %.4f to %.4f  %s\n", what, mid, low, high, limit
	dots[++nr_dots] = what
	at[nr_dots] = mid; from[nr_dots] = low; to[nr_dots] = high
}

# one measurement, of the patched kernel, to another
function part(name, whole, what, limit)
{
	if (value["patched", 1, whole])
		printf "%-52s %8.4f  %18s%s\n", what,
			value["patched", 1, name] / value["patched", 1, whole], "", limit
}

# growth of PREFIX/n with n, and the lines of the plot
function growth(prefix, sizes,	s, n, i, first, text)
{
	n = split(sizes, s, " ")
	first = value["patched", 1, prefix "/" s[1]]
	if (!first)
		return
	for (i = 1; i <= n; i++)
		text = text sprintf("%10.1f", value["patched", 1, prefix "/" s[i]] / first)
	printf "%-28s%s\n", prefix, text
	line(prefix, s, n, first)
}

function x_of(n) { return 80 + 110 * log(n) / log(10) }
function y_of(g) { return 400 - 70 * log(g) / log(10) }

function line(name, s, n, first,	i, points)
{
	for (i = 1; i <= n; i++)
		points = points sprintf(" %.0f,%.0f", x_of(s[i]),
			y_of(value["patched", 1, name "/" s[i]] / first))
	lines = lines sprintf("<polyline points='%s' fill='none' stroke='%s'/>\n" \
		"<text x='570' y='%d' fill='%s'>%s</text>\n", points, colour[++nr_lines],
		80 + 20 * nr_lines, colour[nr_lines], name)
}

function plot(	i, n, y, x)
{
	print "<svg xmlns='http://www.w3.org/2000/svg' width='760' height='620' font-family='sans-serif' font-size='13'>" > svg
	print "<rect width='760' height='620' fill='white'/>" \
		"<text x='80' y='30' font-size='16'>How the work grows, times that of the least number</text>" > svg
	for (i = 1; i <= 10000; i *= 10) {
		printf "<line x1='%d' y1='50' x2='%d' y2='400' stroke='#ddd'/><text x='%d' y='418'>%d</text>\n",
			x_of(i), x_of(i), x_of(i) - 10, i > svg
		printf "<line x1='80' y1='%d' x2='540' y2='%d' stroke='#ddd'/><text x='30' y='%d'>%d</text>\n",
			y_of(i), y_of(i), y_of(i) + 4, i > svg
	}
	print lines > svg
	print "<text x='80' y='470' font-size='16'>Patched to stock, with the spread of all pairs</text>" > svg
	printf "<line x1='400' y1='480' x2='400' y2='600' stroke='#888'/><text x='394' y='615'>1</text>" > svg
	printf "<line x1='600' y1='480' x2='600' y2='600' stroke='#ddd'/><text x='586' y='615'>1.02</text>\n" > svg
	for (i = 1; i <= nr_dots; i++) {
		y = 480 + 22 * i
		x = 400 + (at[i] - 1) * 10000
		printf "<text x='20' y='%d'>%s</text><line x1='%.1f' y1='%d' x2='%.1f' y2='%d' stroke='black'/><circle cx='%.1f' cy='%d' r='4'/>\n",
			y + 4, dots[i], 400 + (from[i] - 1) * 10000, y, 400 + (to[i] - 1) * 10000, y, x, y > svg
	}
	print "</svg>" > svg
}

FILENAME != ARGV[1] { text[$1] = $2; data[$1] = $3; bss[$1] = $4; next }
{ value[$1, $2, $3] = $4; pairs[$2] }

END {
	split("#000 #c00 #06c #080 #a0a #c80", colour, " ")

	printf "%-52s %8s  %-18s%s\n", "patched to stock", "median", "spread", "at most"
	ratio("covered", "first CXL module to memory, region covers it", 1.02)
	ratio("covered/work", "of which work", "")
	ratio("bare", "the same, nothing Soft Reserved", 1.02)
	ratio("covered/initcalls", "initcalls of dax, cxl, hmem, resource", 1.01)

	printf "\n%-52s %8s\n", "fallback: from CXL's last probe to memory", "ratio"
	part("fallback", "fallback/plug", "to what plugging it in takes", "")
	part("fallback/idle", "fallback", "idle", "")
	part("hold", "hold/plug", "longest hold of the lock, to plugging in", 1)

	printf "\n%-52s %8s\n", "claim and release to bare request_resource()", "ratio"
	for (i = 1; i <= 4096; i *= 16)
		part("claim/" i, "bare/" i, i " live", 1.2)
	for (i = 1; i <= 4096; i *= 16)
		part("claim/" i, "region/" i, i " live, to request_region(), which allocates")

	printf "\n%-28s%10d%10d%10d%10d\n", "growth, live claims", 1, 16, 256, 4096
	growth("bare", "1 16 256 4096")
	growth("claim", "1 16 256 4096")
	printf "%-28s%10d%10d%10d%10d\n", "growth, S = R", 10, 100, 1000, 4000
	growth("decide/one-each", "10 100 1000 4000")
	growth("decide/every-other", "10 100 1000 4000")
	growth("decide/one-chain", "10 100 1000 4000")
	growth("decide/none", "10 100 1000 4000")
	printf "%-28s%10.1f%10.1f%10.1f%10.1f\n", "(n log n)", 1, 20, 300, 1440.8

	printf "\n%-52s%8s%8s%8s\n", "bytes added", "text", "data", "bss"
	for (i in text) {
		printf "%-52s%8d%8d%8d\n", i, text[i], data[i], bss[i]
		if (i == "vmlinux-without")
			continue
		all += text[i] + data[i] + bss[i]
	}
	printf "%-52s%8d\n", "in sum, with what is configured for debugging", all
	plot()
}
