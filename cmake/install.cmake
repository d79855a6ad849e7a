include(CMakePackageConfigHelpers)

if(TARGET cleangate)
  install(TARGETS cleangate RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(TARGET cleangate-av)
  install(TARGETS cleangate-av RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/cleangate)
endif()
install(TARGETS cleangate_core cleangate_probes cleangate_specs cleangate_dam EXPORT cleangate-targets)
install(EXPORT cleangate-targets NAMESPACE cleangate:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cleangate)
foreach(room core probes specs dam)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${room} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cleangate
          FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/specs/profiles DESTINATION ${CMAKE_INSTALL_DATADIR}/cleangate FILES_MATCHING PATTERN "*.yaml")

configure_package_config_file(cmake/cleangate-config.cmake.in ${CMAKE_BINARY_DIR}/cleangate-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cleangate)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/cleangate-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/cleangate-config.cmake ${CMAKE_BINARY_DIR}/cleangate-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cleangate)
