# One interface target carries the flags every target of ours is compiled with.
add_library(cleangate_flags INTERFACE)
target_compile_options(cleangate_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -ffp-contract=off
  $<$<BOOL:${CLEANGATE_WERROR}>:-Werror>)
target_include_directories(cleangate_flags INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)

# cleangate_library(name SOURCES... [PUBLIC libs...] [PRIVATE libs...]): a room, or a part of one.
function(cleangate_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE $<BUILD_INTERFACE:cleangate_flags> ${ARG_PRIVATE})
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/cleangate>)
endfunction()

# Files whose loops must be vectorized: GCC 12's -O2 leaves them scalar, six times slower (docs/performance.md).
# Source properties hold per directory, and a probe's files are compiled by the target of the directory above.
# OPTIONS: more of the compiler's, for those files.
function(cleangate_hot_files)
  cmake_parse_arguments(ARG "" "" "OPTIONS" ${ARGN})
  foreach(file ${ARG_UNPARSED_ARGUMENTS})
    get_filename_component(path ${file} ABSOLUTE)
    set_source_files_properties(${path} DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/..
                                PROPERTIES COMPILE_OPTIONS "$<$<NOT:$<CONFIG:Debug>>:-O3>;${ARG_OPTIONS}")
  endforeach()
endfunction()
