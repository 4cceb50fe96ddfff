#include "utf8.h"

#include <stdbool.h>
#include <stdint.h>

size_t utf8_length(const char *at)
{
	const unsigned char *byte = (const unsigned char *)at;
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = byte[0] < 0x80 ? 1 : byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;
	if (length == 1)
		return 1;
	if (byte[0] < 0xc0 || byte[0] > 0xf4)
		return 0;
	uint32_t value = byte[0] & (0x7fU >> length);
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (byte[i] & 0x3f);
	}
	bool surrogate = value >= 0xd800 && value <= 0xdfff;
	return value < least[length] || surrogate || value > 0x10ffff ? 0 : length;
}
