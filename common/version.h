/* The version of the whole project. */
#ifndef COMMON_VERSION_H
#define COMMON_VERSION_H

#define COOPER_VERSION "0.1.0"

#endif
